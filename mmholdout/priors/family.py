"""What the search knows of a kind of prior generator: a vector of numbers that shapes priors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.level import Level

Array = NDArray[np.float64]


class Family(ABC):
    """Prior generators that differ in positive numbers only; grid and counts stay.

    Args:
        levels: as they are, in the generator's order.
        words: the generator's arguments as they are.
    """

    def __init__(self, levels: Sequence[Level], words: dict[str, Any]) -> None:
        self.grid = tuple(levels)
        self.words = words

    @abstractmethod
    def given(self) -> Array:
        """The numbers of the generator as it is."""

    @abstractmethod
    def start(self, sizes: Array, weights: Array) -> Array:
        """Numbers from clusters of the objects' sizes, (N, 2), with weights (N,)."""

    @abstractmethod
    def sizes(self, numbers: Array) -> list[Array]:
        """Width and height of each level's priors, (A, 2) each, as the generator makes them."""

    @abstractmethod
    def allowed(self, numbers: Array) -> bool:
        """Whether the numbers keep the order and the limits of this kind."""

    @abstractmethod
    def rounded(self, numbers: Array) -> Array:
        """To the digits that are worth writing into a config."""

    @abstractmethod
    def arguments(self, numbers: Array) -> dict[str, Any]:
        """The generator's arguments that say these numbers, plain lists and numbers."""

    def levels(self, numbers: Array) -> list[Level]:
        """The priors that the numbers make."""
        return [level.with_sizes(s) for level, s in zip(self.grid, self.sizes(numbers))]


def by_stride(levels: Sequence[Level]) -> list[int]:
    """Indices of levels from the finest grid to the coarsest."""
    return sorted(range(len(levels)), key=lambda k: max(levels[k].stride))


def rounded_sizes(sizes: Array) -> Array:
    """Whole pixels from 10 on, tenths below."""
    return np.where(sizes >= 10, np.round(sizes), np.maximum(np.round(sizes, 1), 0.1))


def plain(values: Array) -> list[float | int]:
    """Python numbers; whole ones as int."""
    return [int(v) if float(v).is_integer() else round(float(v), 4) for v in values]
