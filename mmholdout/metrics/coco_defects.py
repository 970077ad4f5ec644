"""What is wrong with a file, one sentence per kind, however often it occurs."""

from __future__ import annotations

import reprlib
from pathlib import Path


class Defects:
    """Collects the defects of one file.

    Args:
        path: the file; begins each sentence.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._first: dict[str, str] = {}
        self._count: dict[str, int] = {}

    def __bool__(self) -> bool:
        return bool(self._first)

    def add(self, kind: str, sentence: str, count: int = 1) -> None:
        """Note a defect.

        Args:
            kind: of each kind only the first is told, with the number of the others.
            sentence: names the image, annotation or detection.
            count: of how many this is the first.
        """
        self._first.setdefault(kind, sentence)
        self._count[kind] = self._count.get(kind, 0) + count

    def sentences(self) -> list[str]:
        """One per kind, in the order in which they were found."""
        lines = []
        for kind, sentence in self._first.items():
            count = self._count[kind]
            more = f' ({count} such)' if count > 1 else ''
            lines.append(f'{self._path}: {sentence}{more}')
        return lines


_WIDTH = 100


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = 60
        self.maxlevel = 2


def shown(value: object) -> str:
    """A value from a file for a message, not longer than a line."""
    text = _Short().repr(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + '...'
