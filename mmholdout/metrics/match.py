"""Which detection finds which object: the greedy matching of PASCAL VOC.

A detection belongs to the object of its image and class that it overlaps most, and to no other:
where that one is taken by a higher score, the detection is wrong even if a second object would do.
Source: VOC devkit, VOCevaldet.m; the same rule is mmdet's `tpfp_default`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.boxes import iou
from mmholdout.metrics.pooled import PooledDetections, PooledGroundTruth

TRUE, FALSE, NEUTRAL = 1, 0, -1
_PAIRS_AT_ONCE = 500_000  # bounds memory at about 100 MB however crowded the images are


def best_overlap(
    detections: PooledDetections,
    ground_truth: PooledGroundTruth,
    num_classes: int,
    legacy_pixel: bool = False,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each detection the object of its image and class that it overlaps most.

    The thresholds play no part yet, so one call serves them all. Of equal overlaps the object
    that counts comes before the ignored one, then the earlier one.

    Returns:
        Index into `ground_truth` (N,), -1 where the image has no object of the class, and the
        overlap (N,), -1.0 there.
    """
    group = ground_truth.image * num_classes + ground_truth.labels
    order = np.lexsort((ground_truth.ignore, group))
    wanted = detections.image * num_classes + detections.labels
    start = np.searchsorted(group[order], wanted, side='left')
    count = np.searchsorted(group[order], wanted, side='right') - start

    best_object = np.full(len(detections), -1, dtype=np.int64)
    best_iou = np.full(len(detections), -1.0)
    for chunk in _chunks(np.flatnonzero(count), count):
        length = count[chunk]
        begins = np.cumsum(length) - length
        row = np.repeat(np.arange(len(chunk)), length)
        candidate = order[start[chunk][row] + np.arange(len(row)) - begins[row]]
        overlap = iou(detections.bboxes[chunk[row]], ground_truth.bboxes[candidate], legacy_pixel)
        best = np.maximum.reduceat(overlap, begins)
        at_best = np.flatnonzero(overlap == best[row])
        first = at_best[np.unique(row[at_best], return_index=True)[1]]
        best_object[chunk] = candidate[first]
        best_iou[chunk] = best
    return best_object, best_iou


def judge(
    best_object: NDArray[np.int64],
    best_iou: NDArray[np.float64],
    ignore: NDArray[np.bool_],
    iou_thr: float,
) -> NDArray[np.int8]:
    """TRUE, FALSE or NEUTRAL for each detection, at one overlap threshold.

    Args:
        best_object: from `best_overlap`; of two detections with one object, the one with the
            higher score comes first.
        best_iou: from `best_overlap`, in the same order.
        ignore: (M,), of the objects. Finding such an object is NEUTRAL, however often.
        iou_thr: an overlap of exactly this much suffices.
    """
    verdict = np.full(len(best_object), FALSE, dtype=np.int8)
    hits = np.flatnonzero(best_iou >= iou_thr)
    is_neutral = ignore[best_object[hits]]
    verdict[hits[is_neutral]] = NEUTRAL
    claims = hits[~is_neutral]
    verdict[claims[np.unique(best_object[claims], return_index=True)[1]]] = TRUE
    return verdict


def _chunks(rows: NDArray[np.int64], count: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    pairs = np.cumsum(count[rows])
    if len(rows):
        cuts = np.arange(_PAIRS_AT_ONCE, pairs[-1], _PAIRS_AT_ONCE)
        parts = np.split(rows, np.unique(np.searchsorted(pairs, cuts)))
        yield from (part for part in parts if len(part))
