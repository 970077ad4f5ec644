"""A console whose log begins when the run has been accepted, and may end before it."""

from __future__ import annotations

from pathlib import Path

from mmholdout.report.console import Console


class RunConsole(Console):
    """Prints at once; what is for the log waits until there is a folder for it."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[str] = []
        self._open = False

    def open_log(self, path: Path) -> None:
        """Write what has waited, and everything from now on."""
        self._log_path = path
        self._open = True
        for text in self._waiting:
            self._to_file(text)
        self._waiting.clear()

    def log(self, text: str) -> None:
        """Write to the log, or keep for it."""
        if not self._open:
            self._waiting.append(text)
        else:
            self._to_file(text)

    def _to_file(self, text: str) -> None:
        """A full disk ends the log, not the run: it is said once."""
        if self._log_path is None:
            return
        try:
            super().log(text)
        except OSError as error:
            path, self._log_path = self._log_path, None
            self.say(f'warning: {path} cannot be written ({error.strerror or error}): it ends here')
