"""What a run prints: a live bar with ETA on a terminal, plain lines elsewhere, all in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from mmholdout.report.inert import inert

_LINE_END = '\n'


class Console:
    """One place to print to, so that messages and the live bar do not overwrite each other.

    Control characters in a message (an escape sequence in a class name) are shown, not obeyed.

    Args:
        log_path: every message goes there too, with its time; None for no log.
        stream: where to print; the standard output by default.
        live: whether to draw a bar; by default where the stream is a terminal.
    """

    def __init__(
        self,
        log_path: Path | None = None,
        stream: TextIO | None = None,
        live: bool | None = None,
    ) -> None:
        self._stream = stream or sys.stdout
        self.live = self._stream.isatty() if live is None else live
        self._log_path = log_path
        self._progress: Any = None
        self._task: Any = None
        self._held: list[str] | None = None

    def say(self, text: str) -> None:
        """Print a message, above the live bar if there is one."""
        if self._held is not None:
            self._held.append(text)
            return
        text = inert(text, keep=_LINE_END)
        self.log(text)
        if self._progress is not None:
            self._progress.console.print(
                self._encodable(text), markup=False, emoji=False, highlight=False, soft_wrap=True
            )
        else:
            print(self._encodable(text), file=self._stream, flush=True)

    def log(self, text: str) -> None:
        """Write to the log only."""
        if self._log_path is not None:
            with self._log_path.open('a', encoding='utf-8') as file:
                file.write(f'{time.strftime("%Y-%m-%d %H:%M:%S")} {inert(text, keep=_LINE_END)}\n')

    @contextmanager
    def holding(self) -> Iterator[list[str]]:
        """Keep messages back in the list that it gives, to be said after the line they explain.

        Where the body raises, they are said at once: nothing that was decided goes unsaid.
        """
        held: list[str] = []
        self._held = held
        try:
            yield held
        except BaseException:
            self._held = None
            for text in held:
                self.say(text)
            raise
        finally:
            self._held = None

    def progress(self, label: str, done: int, total: int, note: str = '') -> None:
        """Move the live bar; on anything but a terminal this does nothing."""
        if not self.live:
            return
        label, note = self._encodable(inert(label)), self._encodable(inert(note))
        if self._progress is None:
            self._start()
        if done == 0 or self._task is None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(label, total=total, note=note)
        self._progress.update(self._task, description=label, completed=done, total=total, note=note)

    def _encodable(self, text: str) -> str:
        """The text in letters that the stream has: a message must not end a run."""
        encoding = getattr(self._stream, 'encoding', None) or 'utf-8'
        return text.encode(encoding, 'backslashreplace').decode(encoding)

    def _start(self) -> None:
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (
            TextColumn('{task.description}', markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn('{task.fields[note]}', markup=False),
        )
        self._progress = Progress(*columns, console=RichConsole(file=self._stream), transient=True)
        self._progress.start()

    def close(self) -> None:
        """Take the bar away; the console can be used again afterwards."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = self._task = None
