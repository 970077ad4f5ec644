"""Which images a bootstrap draws: as many as there are, with repetition, the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Draws:
    """The draws of all replicates, made anew in each loop over them, so that none is kept.

    Equal values of these three give equal draws, however wide the blocks are (with one version
    of NumPy; it does not promise the stream of a generator across versions).

    Attributes:
        num_images: from which is drawn, and how many are drawn per replicate.
        replicates: how many.
        seed: of NumPy's default generator.
    """

    num_images: int
    replicates: int
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn (ValueError)."""
        if self.num_images < 1 or self.replicates < 1:
            raise ValueError(f'nothing can be drawn: {self}')

    def blocks(self, width: int) -> Iterator[NDArray[np.uint16]]:
        """How often each image was drawn, (num_images, up to `width`), replicate after replicate.

        Args:
            width: replicates in a block.
        """
        rng = np.random.default_rng(self.seed)
        for begin in range(0, self.replicates, width):
            size = min(width, self.replicates - begin)
            drawn = rng.integers(0, self.num_images, (size, self.num_images))
            cell = drawn * size + np.arange(size)[:, None]
            counts = np.bincount(cell.ravel(), minlength=self.num_images * size)
            yield counts.astype(np.uint16).reshape(self.num_images, size)
