"""`runner.logger`: what hooks log is shown, what the libraries log is only kept."""

from __future__ import annotations

import logging
from pathlib import Path

import mmengine

from mmholdout.report.console import Console

_LIBRARY = str(Path(mmengine.__file__).parent)


class _ConsoleHandler(logging.Handler):
    """Speaks through the run's console, so that the live bar stays whole."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.pathname.startswith(_LIBRARY) and record.levelno < logging.WARNING:
            self._console.log(text)
        else:
            self._console.say(text)


def run_logger(name: str, console: Console) -> logging.Logger:
    """A logger of its own for one run; its messages of INFO and above are shown."""
    logger = logging.Logger(name, logging.INFO)
    logger.addHandler(_ConsoleHandler(console))
    return logger
