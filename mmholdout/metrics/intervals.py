"""An interval for a ratio from its bootstrap replicates, and when there is none.

The interval is a t interval on the logit scale, centred at the measured value: its width is the
spread of the replicates, widened for the few images. In simulation it covers what it should more
often than percentiles do, above all with rare classes, and it stays within 0 and 1
(`docs/uncertainty.md` has the table; `benchmarks/coverage.py` makes it).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95
MIN_IMAGES = 50
MIN_OBJECTS_PER_CLASS = 10  # mean over the classes that have objects
MIN_DETECTIONS = 20  # in the denominator of a precision


@dataclass(frozen=True)
class Interval:
    """Both ends, each in [0, 1]."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the distance between the ends."""
        return (self.high - self.low) / 2


def too_little_support(num_images: int, objects_per_class: float) -> str | None:
    """Why no interval can be trusted, such as 'too few images (22 < 50)'; None where one can.

    Args:
        num_images: that were drawn from.
        objects_per_class: mean over the classes that have objects; of one class its number.
    """
    if num_images < MIN_IMAGES:
        return f'too few images ({num_images} < {MIN_IMAGES})'
    if objects_per_class < MIN_OBJECTS_PER_CLASS:
        shown = math.floor(10 * objects_per_class) / 10  # 9.99 is not 10
        return f'too few objects per class ({shown:g} < {MIN_OBJECTS_PER_CLASS})'
    return None


def ratio_interval(
    value: float, replicates: NDArray[np.float64], num_images: int, level: float = LEVEL
) -> Interval | None:
    """Interval for an average precision, a precision or a recall.

    Args:
        value: as measured, in [0, 1].
        replicates: (R,); NaN where a replicate had nothing to measure.
        num_images: that were drawn from.
        level: share of sets whose interval is to hold the true value.

    Returns:
        None where the replicates do not differ or the value is 0 or 1: then images of one kind
        say nothing about the others.
    """
    defined = replicates[~np.isnan(replicates)]
    if len(defined) < 2 or not 0 < value < 1:
        return None
    spread = float(defined.std(ddof=1)) * math.sqrt(num_images / (num_images - 1))
    if not spread > 1e-12:
        return None
    step = t_quantile((1 + level) / 2, num_images - 1) * spread / (value * (1 - value))
    centre = math.log(value / (1 - value))
    return Interval(_logistic(centre - step), _logistic(centre + step))


def t_quantile(probability: float, freedom: int) -> float:
    """Quantile of Student's t from `MIN_IMAGES` - 1 degrees of freedom on, to five digits.

    Source: the expansion in powers of 1 / freedom, Abramowitz and Stegun 26.7.5.
    """
    z = NormalDist().inv_cdf(probability)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0
