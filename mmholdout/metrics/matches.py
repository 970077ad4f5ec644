"""Which detection found which object, at every overlap threshold and size at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.match import FALSE, NEUTRAL, TRUE
from mmholdout.metrics.pairs import Pairs
from mmholdout.metrics.scene import Scene


@dataclass(frozen=True, eq=False)
class Matches:
    """Result of `match_coco`, from which all numbers follow without another matching.

    Memory grows with the pairs that overlap, not with detections x thresholds x sizes.

    Attributes:
        scene: what was matched.
        options: at which thresholds.
        hits: the pairs that were matched at some threshold and size, by detection.
        bits: uint64 (H,): bit `a * len(iou_thrs) + t` is set where the pair was matched at
            overlap threshold t and size range a. Those of one detection never share a bit.
        gt_ignore: bool (A, M): the object is ignored at size a (crowd, ignored, or another size).
    """

    scene: Scene
    options: COCOOptions
    hits: Pairs
    bits: NDArray[np.uint64]
    gt_ignore: NDArray[np.bool_]

    def area_index(self, area: str) -> int:
        """Number of a size range."""
        return list(self.options.areas).index(area)

    def hit_at(self, thr: int, area: int = 0) -> NDArray[np.bool_]:
        """Which of `hits` are matched at threshold number `thr` and size number `area` (H,)."""
        shift = np.uint64(area * len(self.options.iou_thrs) + thr)
        return ((self.bits >> shift) & np.uint64(1)).astype(np.bool_)

    def matched_gt(self, thr: int, area: int = 0) -> NDArray[np.int64]:
        """Object that each detection found (N,), -1 where none."""
        found = np.full(len(self.scene.detections), -1, dtype=np.int64)
        hit = self.hit_at(thr, area)
        found[self.hits.det[hit]] = self.hits.gt[hit]
        return found

    def verdict(self, thr: int, area: int = 0) -> NDArray[np.int8]:
        """TRUE, FALSE or NEUTRAL of each detection (N,).

        NEUTRAL: it found an ignored object, it found nothing and has another size, or its image
        and class have `max_dets` better ones.
        """
        gt = self.matched_gt(thr, area)
        verdict = np.where(self.in_area(area), FALSE, NEUTRAL).astype(np.int8)
        has = gt >= 0
        verdict[has] = np.where(self.gt_ignore[area, gt[has]], NEUTRAL, TRUE)
        verdict[self.scene.rank >= self.options.max_dets[-1]] = NEUTRAL
        return verdict

    def in_area(self, area: int) -> NDArray[np.bool_]:
        """Which detections have the size of range number `area` (N,)."""
        low, high = list(self.options.areas.values())[area]
        size = self.scene.detections.area
        inside: NDArray[np.bool_] = (size >= low) & (size <= high)
        return inside
