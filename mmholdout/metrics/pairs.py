"""Overlaps between detections and objects, computed once for everything that needs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.scene import Scene

_PAIRS_AT_ONCE = 500_000  # bounds memory at about 100 MB however crowded the images are


@dataclass(frozen=True, eq=False)
class Pairs:
    """Detections and objects of one image that overlap, by detection, then by object.

    Attributes:
        det: int64 (P,) index into the scene's detections.
        gt: int64 (P,) index into the scene's objects.
        iou: float64 (P,). Of a crowd: the share of the detection that lies in it.
    """

    det: NDArray[np.int64]
    gt: NDArray[np.int64]
    iou: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.det)

    def where(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> Pairs:
        """The pairs that a mask (P,) keeps, or that indices name."""
        return Pairs(self.det[kept], self.gt[kept], self.iou[kept])


def overlapping_pairs(scene: Scene, least_iou: float = 0.5, across_classes: bool = False) -> Pairs:
    """All pairs with an overlap of at least `least_iou`, bit for bit as pycocotools computes it.

    Args:
        scene: what to compare.
        least_iou: 0 keeps every pair of one image, also those that do not touch.
        across_classes: also pairs of different classes.
    """
    found, objects = scene.detections, scene.objects
    if across_classes:
        group, wanted = objects.image, found.image
    else:
        group = objects.image * scene.num_classes + objects.labels
        wanted = found.image * scene.num_classes + found.labels
    order = np.argsort(group, kind='stable')
    groups, start, size = np.unique(group[order], return_index=True, return_counts=True)
    place = np.searchsorted(groups, wanted)
    place[place == len(groups)] = 0
    has_objects = np.flatnonzero(groups[place] == wanted) if len(groups) else place[:0]

    det: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    gt: list[NDArray[np.int64]] = [np.zeros(0, dtype=np.int64)]
    iou = [np.zeros(0)]
    for chunk in _chunks(has_objects, size[place[has_objects]]):
        length = size[place[chunk]]
        begins = np.cumsum(length) - length
        offset = np.arange(length.sum()) - np.repeat(begins, length)
        dets = np.repeat(chunk, length)
        gts = order[np.repeat(start[place[chunk]], length) + offset]
        overlap = _coco_iou(found.bboxes[dets], objects.bboxes[gts], objects.crowd[gts])
        kept = np.flatnonzero(overlap >= least_iou)
        det.append(dets[kept])
        gt.append(gts[kept])
        iou.append(overlap[kept])
    return Pairs(np.concatenate(det), np.concatenate(gt), np.concatenate(iou))


def _coco_iou(
    found: NDArray[np.float64], objects: NDArray[np.float64], crowd: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Overlap of boxes (P, 4) xywh, in the order of operations of COCO's `bbIou`."""
    left, top, width, height = found.T
    gt_left, gt_top, gt_width, gt_height = objects.T
    inner_width = np.minimum(left + width, gt_left + gt_width) - np.maximum(left, gt_left)
    inner_height = np.minimum(top + height, gt_top + gt_height) - np.maximum(top, gt_top)
    touching = np.flatnonzero((inner_width > 0) & (inner_height > 0))
    inner = inner_width[touching] * inner_height[touching]
    own = width[touching] * height[touching]
    gt_area = gt_width[touching] * gt_height[touching]
    union = np.where(crowd[touching], own, own + gt_area - inner)
    overlap = np.zeros(len(found))
    overlap[touching] = inner / union
    return overlap


def _chunks(rows: NDArray[np.int64], count: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    if len(rows):
        pairs = np.cumsum(count)
        cuts = np.arange(_PAIRS_AT_ONCE, pairs[-1], _PAIRS_AT_ONCE)
        parts = np.split(rows, np.unique(np.searchsorted(pairs, cuts)))
        yield from (part for part in parts if len(part))
