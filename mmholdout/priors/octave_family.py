"""RetinaNet's and RPN's priors: the same scales and ratios on every level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.family import Family, plain
from mmholdout.priors.kmeans import ratio_kmeans

Array = NDArray[np.float64]

RATIOS = (0.1, 10.0)
APART = 1.1


class OctaveFamily(Family):
    """`ratios`, and `octave_base_scale` or `scales`, of AnchorGenerator.

    A prior of a level has the area (base size * scale)^2 and h / w = ratio. The base size is the
    stride unless `base_sizes` says otherwise; both stay, and so does `scales_per_octave`. The
    numbers are the scales (or the one base scale) and the ratios, ascending.
    """

    @property
    def _octave(self) -> bool:
        return self.words.get('octave_base_scale') is not None

    @property
    def _bases(self) -> list[float]:
        given = self.words.get('base_sizes')
        return [float(b) for b in given] if given else [min(level.stride) for level in self.grid]

    @property
    def _scale_count(self) -> int:
        return 1 if self._octave else len(self.words['scales'])

    def given(self) -> Array:
        """The numbers of the generator as it is."""
        scales = [self.words['octave_base_scale']] if self._octave else self.words['scales']
        return np.array([*sorted(scales), *sorted(self.words['ratios'])], dtype=np.float64)

    def start(self, sizes: Array, weights: Array) -> Array:
        """Ratios by k-means; scales so that the levels together span the sizes.

        The smallest scale puts the finest level's smallest prior at the smallest objects (their
        2nd percentile); scales of their own share the factor between two levels evenly.
        """
        ratios = ratio_kmeans(sizes[:, 1] / sizes[:, 0], len(self.words['ratios']), weights)
        sides = np.sqrt(sizes.prod(axis=1))
        smallest = float(np.quantile(sides, 0.02)) / min(self._bases)
        count = self._scale_count
        scales = smallest * 2 ** (np.arange(count) / count)
        return np.array([*scales, *_apart(ratios)])

    def sizes(self, numbers: Array) -> list[Array]:
        """Scales within a ratio; the order within a level does not matter here."""
        scales, ratios = self._split(numbers)
        if self._octave:
            steps = int(self.words['scales_per_octave'])
            scales = scales * 2 ** (np.arange(steps) / steps)
        heights = np.sqrt(ratios)
        units = np.stack(
            [(scales / heights[:, None]).ravel(), (scales * heights[:, None]).ravel()], axis=1
        )
        return [units * base for base in self._bases]

    def allowed(self, numbers: Array) -> bool:
        """Ascending, ratios apart."""
        scales, ratios = self._split(numbers)
        return bool(
            scales[0] > 0
            and (scales[1:] > scales[:-1]).all()
            and ratios[0] >= RATIOS[0]
            and ratios[-1] <= RATIOS[1]
            and (ratios[1:] >= ratios[:-1] * APART).all()
        )

    def rounded(self, numbers: Array) -> Array:
        """Two digits behind the point."""
        return np.maximum(np.round(numbers, 2), 0.01)

    def arguments(self, numbers: Array) -> dict[str, Any]:
        """`ratios`, and `octave_base_scale` or `scales`."""
        scales, ratios = self._split(numbers)
        if self._octave:
            return {'octave_base_scale': plain(scales)[0], 'ratios': plain(ratios)}
        return {'scales': plain(scales), 'ratios': plain(ratios)}

    def _split(self, numbers: Array) -> tuple[Array, Array]:
        return numbers[: self._scale_count], numbers[self._scale_count :]


def _apart(ratios: Array) -> Array:
    kept: list[float] = []
    least = RATIOS[0]
    for ratio in ratios:
        kept.append(float(np.clip(ratio, least, RATIOS[1])))
        least = kept[-1] * (APART + 0.05)
    return np.array(kept)
