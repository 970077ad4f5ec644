"""A console whose log begins when the run has been accepted."""

from __future__ import annotations

from pathlib import Path

from mmholdout.report.console import Console


class RunConsole(Console):
    """Prints at once; what is for the log waits until there is a folder for it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[str] = []

    def open_log(self, path: Path) -> None:
        """Write what has waited, and everything from now on."""
        self._log_path = path
        for text in self._waiting:
            super().log(text)
        self._waiting.clear()

    def log(self, text: str) -> None:
        """Write to the log, or keep for it."""
        if self._log_path is None:
            self._waiting.append(text)
        else:
            super().log(text)
