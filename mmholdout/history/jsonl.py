"""history.jsonl: one JSON object a line, appended and never rewritten in place."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mmholdout.errors import CheckpointError
from mmholdout.history.atomic import name_file, write_bytes

Row = dict[str, Any]


class History:
    """The rows of a run, oldest first; a missing file is a history without rows.

    A crash can tear the line that was being written: it lacks its line end and is dropped. Any
    other line that is not a JSON object is an error, because somebody changed the file.

    Args:
        path: the file; its folder must exist when the first row is appended.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    @property
    def rows(self) -> list[Row]:
        """All rows, read from disk.

        Raises:
            CheckpointError: for a line that is not a JSON object, with its number.
        """
        return self._read()[0]

    def append(self, row: Mapping[str, Any]) -> None:
        """Add a row and synchronise it to disk.

        A value that is NaN or infinite is left out with its key, since JSON has no such numbers:
        absent is absent.
        """
        line = _encode(row)
        try:
            self._mend_end()
            with self.path.open('ab') as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            name_file(error, self.path)
            raise

    def truncate(self, keep: int | Callable[[Row], bool]) -> str | None:
        """Keep the first `keep` rows, or those for which `keep(row)` is true.

        Returns:
            A sentence for the user when there are fewer rows than were to be kept, else None.
        """
        rows, torn = self._read()
        kept = rows[:keep] if isinstance(keep, int) else [row for row in rows if keep(row)]
        if len(kept) < len(rows) or torn:
            write_bytes(self.path, b''.join(_encode(row) for row in kept))
        if isinstance(keep, int) and len(rows) < keep:
            return (
                f'{self.path} has {len(rows)} rows where the restored run had written {keep}; '
                f'the missing ones stay missing'
            )
        return None

    def _read(self) -> tuple[list[Row], bytes]:
        """All rows, and the torn end of the file."""
        if not self.path.exists():
            return [], b''
        lines = self.path.read_bytes().split(b'\n')
        rows, last = [], lines.pop()
        for number, line in enumerate(lines, 1):
            try:
                rows.append(_decode(line))
            except ValueError as error:
                raise CheckpointError(
                    f'{self.path}, line {number} is not a JSON object ({error}): '
                    f'{line[:60].decode("utf-8", "replace")!r}. Restore or delete that line'
                ) from error
        try:  # torn just before its line end it is whole
            rows.append(_decode(last))
        except ValueError:
            return rows, last
        return rows, b''

    def _mend_end(self) -> None:
        """Cut off a torn last line, so that the next one does not join it."""
        if not self.path.exists() or not (size := self.path.stat().st_size):
            return
        with self.path.open('r+b') as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) == b'\n':
                return
            torn = self._read()[1]
            if torn:
                file.truncate(size - len(torn))
            else:
                file.write(b'\n')


def _encode(row: Mapping[str, Any]) -> bytes:
    finite = {
        key: value
        for key, value in row.items()
        if not (isinstance(value, float) and not math.isfinite(value))
    }
    text = json.dumps(finite, ensure_ascii=False, allow_nan=False)
    # A class name can hold what a terminal obeys, and half a surrogate pair, which no file takes.
    return (''.join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text) + '\n').encode()


def _decode(line: bytes) -> Row:
    row = json.loads(line.decode('utf-8'), parse_constant=_refuse)
    if not isinstance(row, dict):
        raise ValueError(f'got {type(row).__name__}')
    return row


def _refuse(constant: str) -> float:
    raise ValueError(f'{constant} is not JSON')
