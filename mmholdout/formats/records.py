"""Images with their objects, as every format is written from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
DIFFICULT, CROWD, TRUNCATED, OCCLUDED = 'difficult', 'crowd', 'truncated', 'occluded'
FLAGS = (DIFFICULT, CROWD, TRUNCATED, OCCLUDED)
IGNORED = frozenset({DIFFICULT, CROWD})  # metrics do not count such objects


@dataclass(frozen=True)
class Thing:
    """One object.

    Attributes:
        label: from 0.
        box: xyxy in continuous pixels of the decoded image.
        marks: flags (`FLAGS`), and whatever else its format said of it that no record holds.
    """

    label: int
    box: Box
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Picture:
    """One image; `name` is its file below the folder of images, with '/' and suffix."""

    name: str
    width: int
    height: int
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True)
class Collection:
    """Splits of images, and the classes in label order."""

    classes: tuple[str, ...]
    splits: Mapping[str, Sequence[Picture]]

    def things(self) -> list[Thing]:
        """All objects of all splits."""
        return [t for split in self.splits.values() for p in split for t in p.things]
