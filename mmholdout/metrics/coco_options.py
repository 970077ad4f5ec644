"""Overlap thresholds, sizes and limits of a COCO evaluation."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import ConfigError
from mmholdout.metrics.options import is_number

# The same expressions as in pycocotools, so that the floats are the same to the last bit.
COCO_IOU_THRS: tuple[float, ...] = tuple(np.linspace(0.5, 0.95, 10).tolist())
RECALL_POINTS: NDArray[np.float64] = np.linspace(0.0, 1.0, 101)
COCO_AREAS: Mapping[str, tuple[float, float]] = {
    'all': (0.0, 1e5**2),
    'small': (0.0, 32.0**2),
    'medium': (32.0**2, 96.0**2),
    'large': (96.0**2, 1e5**2),
}


@dataclass(frozen=True)
class COCOOptions:
    """What is measured; the defaults are COCO's.

    Attributes:
        iou_thrs: rising; an overlap of exactly this much suffices.
        areas: name -> smallest and largest area in square pixels, both included.
        max_dets: rising; the best so many detections per image and class count. The last limits
            what is matched at all.
    """

    iou_thrs: tuple[float, ...] = COCO_IOU_THRS
    areas: Mapping[str, tuple[float, float]] = field(default_factory=lambda: dict(COCO_AREAS))
    max_dets: tuple[int, ...] = (1, 10, 100)

    def __post_init__(self) -> None:
        """Check all at once.

        Raises:
            ConfigError: one sentence per wrong value.
        """
        problems = []
        thrs = list(self.iou_thrs)
        if not thrs or not all(is_number(thr) and 0 < thr <= 1 for thr in thrs) or _falls(thrs):
            problems.append(f'iou_thrs is {thrs}; rising numbers above 0 and up to 1 are needed')
        for name, limits in self.areas.items():
            low, high = limits
            if math.isnan(low) or math.isnan(high) or low > high:
                problems.append(f'area {name!r} goes from {low} to {high}; the first is the least')
        if not self.areas:
            problems.append("areas is empty; {'all': (0, 1e10)} measures objects of any size")
        limits_ok = all(isinstance(most, int) and most > 0 for most in self.max_dets)
        if not self.max_dets or not limits_ok or _falls(list(self.max_dets)):
            problems.append(f'max_dets is {self.max_dets}; rising whole numbers are needed')
        if len(thrs) * len(self.areas) > 64:
            problems.append(
                f'{len(thrs)} iou_thrs times {len(self.areas)} areas is more than the 64 '
                'combinations that one pass matches; evaluate in several passes'
            )
        if problems:
            raise ConfigError(problems)


def _falls(values: list[float]) -> bool:
    return any(later <= earlier for earlier, later in pairwise(values))
