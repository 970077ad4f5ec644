"""The prior boxes of one feature level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Level:
    """The same few boxes repeated at every cell of a regular grid.

    Attributes:
        base: float64 (A, 4) xyxy, the priors of the first cell, pixels of the model's input.
        stride: (horizontal, vertical) distance of neighbouring cells, pixels.
    """

    base: NDArray[np.float64]
    stride: tuple[float, float]

    @property
    def sizes(self) -> NDArray[np.float64]:
        """Width and height of each prior, (A, 2) pixels."""
        return self.base[:, 2:] - self.base[:, :2]

    @property
    def centre(self) -> NDArray[np.float64]:
        """(x, y) of the first prior of the first cell; mostly that of all of them."""
        centre: NDArray[np.float64] = (self.base[0, :2] + self.base[0, 2:]) / 2
        return centre

    def with_sizes(self, sizes: NDArray[np.float64]) -> Level:
        """A level of the same grid with other shapes, (A, 2) width and height."""
        half = np.asarray(sizes, dtype=np.float64) / 2
        return Level(np.concatenate([self.centre - half, self.centre + half], axis=1), self.stride)
