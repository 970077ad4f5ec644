"""Sizes of images and boxes on their way through Resize and Pad."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Sizes = NDArray[np.int64]


@dataclass(frozen=True)
class Frames:
    """Where each of N images is, as (width, height) in pixels; all (N, 2).

    Attributes:
        original: int64, as decoded.
        image: int64, as the transforms leave it, their padding included.
        content: float64, the part of it that is picture; boxes are scaled by content / original.
    """

    original: Sizes
    image: Sizes
    content: NDArray[np.float64]

    @classmethod
    def of(cls, sizes: Sizes) -> Frames:
        """Before any transform."""
        sizes = np.asarray(sizes, dtype=np.int64).reshape(-1, 2)
        return cls(sizes, sizes, sizes.astype(np.float64))

    def resized(self, scale: tuple[float, float], *, keep_ratio: bool) -> Frames:
        """As by `Resize(scale=(width, height), keep_ratio=...)`.

        With `keep_ratio` the larger number bounds the longer side and the smaller one the
        shorter side, whatever their order, and halves round up, as in mmcv.
        """
        return self._to(np.asarray([scale], dtype=np.int64), keep_ratio)

    def scaled(self, factor: tuple[float, float], *, keep_ratio: bool = False) -> Frames:
        """As by `Resize(scale_factor=(horizontal, vertical))`."""
        target = np.floor(self.image * np.asarray(factor, dtype=np.float64) + 0.5)
        return self._to(target.astype(np.int64), keep_ratio)

    def padded(
        self,
        size: tuple[int, int] | None = None,
        divisor: int | None = None,
        *,
        square: bool = False,
    ) -> Frames:
        """As by `Pad`: to the right and below, to at least (width, height) or a multiple."""
        new = self.image
        if square:
            new = np.repeat(new.max(axis=1, keepdims=True), 2, axis=1)
        if divisor is not None:
            new = -(-new // divisor) * divisor
        elif size is not None:
            new = np.maximum(new, np.asarray(size, dtype=np.int64))
        return replace(self, image=new)

    def boxes(self, bboxes: NDArray[np.float64], owners: NDArray[np.int64]) -> NDArray[np.float64]:
        """Boxes (M, 4) xyxy of the original images, at the place that they are moved to.

        Args:
            bboxes: pixels of the original image.
            owners: (M,) index of each box's image.
        """
        factor = self.content[owners] / self.original[owners]
        moved = np.asarray(bboxes, dtype=np.float64).reshape(-1, 4) * np.tile(factor, 2)
        limit = np.tile(self.image[owners], 2)
        return np.clip(moved, 0, limit)

    def _to(self, target: Sizes, keep_ratio: bool) -> Frames:
        new = np.broadcast_to(target, self.image.shape)
        if keep_ratio:
            old = self.image.astype(np.float64)
            long = target.max(axis=1) / old.max(axis=1)
            short = target.min(axis=1) / old.min(axis=1)
            new = np.floor(old * np.minimum(long, short)[:, None] + 0.5).astype(np.int64)
        return replace(self, image=np.array(new), content=self.content * new / self.image)
