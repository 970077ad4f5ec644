"""YOLOv3's priors: free shapes, the larger ones on the coarser levels."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.family import Family, by_stride, plain, rounded_sizes
from mmholdout.priors.kmeans import iou_kmeans

Array = NDArray[np.float64]


class YOLOFamily(Family):
    """`base_sizes` of YOLOAnchorGenerator: (width, height) of each prior, level after level."""

    def given(self) -> Array:
        """The numbers of the generator as it is."""
        return np.concatenate([level.sizes.ravel() for level in self.grid])

    def start(self, sizes: Array, weights: Array) -> Array:
        """Clusters of all boxes, dealt to the levels by area, the finest level first."""
        shapes = iou_kmeans(sizes, sum(len(level.base) for level in self.grid), weights)
        dealt: dict[int, Array] = {}
        at = 0
        for k in by_stride(self.grid):
            count = len(self.grid[k].base)
            dealt[k] = shapes[at : at + count].ravel()
            at += count
        return np.concatenate([dealt[k] for k in range(len(self.grid))])

    def sizes(self, numbers: Array) -> list[Array]:
        """The numbers themselves."""
        counts = np.cumsum([2 * len(level.base) for level in self.grid])[:-1]
        return [part.reshape(-1, 2) for part in np.split(numbers, counts)]

    def allowed(self, numbers: Array) -> bool:
        """No prior of a finer level is larger than one of a coarser level."""
        areas = [part.prod(axis=1) for part in self.sizes(numbers)]
        order = by_stride(self.grid)
        return bool((numbers >= 1).all()) and all(
            areas[fine].max() <= areas[coarse].min() for fine, coarse in pairwise(order)
        )

    def rounded(self, numbers: Array) -> Array:
        """See `rounded_sizes`."""
        return rounded_sizes(numbers)

    def arguments(self, numbers: Array) -> dict[str, Any]:
        """`base_sizes`."""
        return {'base_sizes': [[tuple(plain(s)) for s in level] for level in self.sizes(numbers)]}
