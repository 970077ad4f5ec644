"""What a format can be asked when a collection is written in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

from mmholdout.formats.records import FLAGS, Box, Collection


class Writer(ABC):
    """Text files of one format, and what they cannot say.

    Args:
        fractions: write parts of pixels where the format means whole ones.
    """

    keeps: ClassVar[frozenset[str]] = frozenset()  # marks
    one_folder: ClassVar[bool] = False  # images of all splits are in one

    def __init__(self, *, fractions: bool = False) -> None:
        self.fractions = fractions

    @abstractmethod
    def image_place(self, split: str, name: str) -> str:
        """Where an image goes, below the new folder."""

    @abstractmethod
    def files(self, collection: Collection) -> Iterator[tuple[str, str]]:
        """Place below the new folder and text of each file."""

    @abstractmethod
    def rounding(self, collection: Collection) -> str:
        """One sentence on how boxes are rounded."""

    def read_as(self, box: Box) -> Box | None:
        """What a reader will see of a box, in continuous pixels; None where it sees none."""
        return box

    def losses(self, collection: Collection) -> list[str]:
        """One sentence for each kind of thing that the format cannot hold."""
        counts = Counter(mark for thing in collection.things() for mark in thing.marks)
        lost = [mark for mark in (*FLAGS, *sorted(counts.keys() - set(FLAGS))) if counts[mark]]
        return [
            f'{mark}: {counts[mark]} objects{self.fate(mark)}'
            for mark in lost
            if mark not in self.keeps
        ]

    def fate(self, mark: str) -> str:
        """What becomes of objects with a mark that is lost, with a leading comma; '' if nothing."""
        del mark
        return ''


def number(value: float) -> int | float:
    """A whole number without its point."""
    return int(value) if value == int(value) else value
