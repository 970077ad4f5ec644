"""SSD's priors: two squares per level, and ratios of the smaller one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.best_prior import centred_iou
from mmholdout.priors.family import Family, by_stride, plain, rounded_sizes
from mmholdout.priors.kmeans import iou_kmeans, ratio_kmeans

Array = NDArray[np.float64]

LEAST_OF_STRIDE = 0.9  # squares that are smaller than a cell leave gaps
GROWTH = 1.1  # of the small square from one level to the next
SPREAD = (1.05, 4.0)  # limits of max_size / min_size
RATIOS = (1.1, 8.0)  # a ratio of 1 would repeat the square
APART = 1.1


class SSDFamily(Family):
    """`min_sizes`, `max_sizes` and `ratios` of SSDAnchorGenerator.

    Level k has squares of min_k and sqrt(min_k * max_k) pixels, and for each r of its ratios two
    boxes of area min_k^2 with h / w = 1 / r and r. The numbers are, level after level, min_k,
    max_k and the ratios, ascending.
    """

    @property
    def _counts(self) -> list[int]:
        return [(len(level.base) - 2) // 2 for level in self.grid]

    def given(self) -> Array:
        """The numbers of the generator as it is; read from its boxes, not from its arguments."""
        numbers: list[float] = []
        for level in self.grid:
            sizes = level.sizes
            small, large = sizes[0, 0], sizes[1, 0]
            ratios = np.sort(sizes[3::2, 1] / sizes[3::2, 0])
            numbers += [small, large**2 / small, *ratios]
        return np.array(numbers)

    def start(self, sizes: Array, weights: Array) -> Array:
        """Two clusters of sizes a level, smallest first; ratios from the boxes nearest to them."""
        squares = iou_kmeans(sizes, 2 * len(self.grid), weights)
        sides = np.sqrt(squares.prod(axis=1))
        nearest = centred_iou(sizes, squares).argmax(axis=1) // 2
        elongation = np.exp(np.abs(np.log(sizes[:, 1] / sizes[:, 0])))
        parts: dict[int, list[float]] = {}
        floor = 0.0, 0.0
        for rank, k in enumerate(by_stride(self.grid)):
            least = max(
                (LEAST_OF_STRIDE + 0.05) * max(self.grid[k].stride), floor[0] * (GROWTH + 0.05)
            )
            small = max(sides[2 * rank], least)
            large = max(np.clip(sides[2 * rank + 1], small * 1.1, small * 2), floor[1])
            floor = small, large
            mine = nearest == rank
            if not mine.any():
                mine[:] = True
            ratios = ratio_kmeans(elongation[mine], self._counts[k], weights[mine])
            parts[k] = [small, large**2 / small, *_apart(ratios)]
        return np.array([number for k in sorted(parts) for number in parts[k]])

    def sizes(self, numbers: Array) -> list[Array]:
        """In the generator's order: square, larger square, 1 / r and r of each ratio."""
        found = []
        for small, large, ratios in self._split(numbers):
            heights = np.sqrt(np.concatenate([1 / ratios, ratios]).reshape(2, -1).T.ravel())
            squares = np.array([[small, small], [np.sqrt(small * large)] * 2])
            shaped = small * np.stack([1 / heights, heights], axis=1)
            found.append(np.concatenate([squares, shaped]))
        return found

    def allowed(self, numbers: Array) -> bool:
        """Sizes grow with the stride, and no level's are smaller than its cells."""
        parts = self._split(numbers)
        as_it_is = self._split(self.given())
        before = 0.0, 0.0
        for k in by_stride(self.grid):
            small, large, ratios = parts[k]
            least = min(LEAST_OF_STRIDE * max(self.grid[k].stride), as_it_is[k][0])
            square = np.sqrt(small * large)
            if small < max(least, before[0] * GROWTH) or square < before[1]:
                return False
            if not SPREAD[0] <= large / small <= SPREAD[1]:
                return False
            if len(ratios) and not (RATIOS[0] <= ratios[0] and ratios[-1] <= RATIOS[1]):
                return False
            if (ratios[1:] < ratios[:-1] * APART).any():
                return False
            before = small, square
        return True

    def rounded(self, numbers: Array) -> Array:
        """Sizes by `rounded_sizes`, ratios to two digits behind the point."""
        new = np.round(numbers, 2)
        for start in self._starts():
            new[start : start + 2] = rounded_sizes(numbers[start : start + 2])
        return new

    def arguments(self, numbers: Array) -> dict[str, Any]:
        """`min_sizes`, `max_sizes`, `ratios`."""
        parts = self._split(numbers)
        return {
            'min_sizes': plain(np.array([small for small, _, _ in parts])),
            'max_sizes': plain(np.array([large for _, large, _ in parts])),
            'ratios': [plain(ratios) for _, _, ratios in parts],
        }

    def _starts(self) -> list[int]:
        starts, at = [], 0
        for count in self._counts:
            starts.append(at)
            at += 2 + count
        return starts

    def _split(self, numbers: Array) -> list[tuple[float, float, Array]]:
        return [
            (float(numbers[at]), float(numbers[at + 1]), numbers[at + 2 : at + 2 + count])
            for at, count in zip(self._starts(), self._counts)
        ]


def _apart(ratios: Array) -> Array:
    """Ascending within the limits, each at least a factor above the one before."""
    kept: list[float] = []
    least = 1.25
    for ratio in ratios:
        kept.append(float(np.clip(ratio, least, RATIOS[1])))
        least = kept[-1] * (APART + 0.05)
    return np.array(kept)
