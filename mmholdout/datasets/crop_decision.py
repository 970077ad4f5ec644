"""The SSD paper's random crop, decided on boxes alone, draw by draw as mmdet decides it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ATTEMPTS = 50  # of one mode, before another is drawn
WHOLE = 1  # the mode that does not crop
_EPS = np.float32(1e-6)  # mmdet's least union
_MARGIN = 1.001  # of a bound that is compared in another precision than the IoU itself

Patch = tuple[int, int, int, int]


def decide_crop(
    width: int,
    height: int,
    bboxes: np.ndarray,
    modes: Sequence[float],
    min_crop_size: float,
) -> tuple[Patch, np.ndarray] | None:
    """Where mmdet's MinIoURandomCrop would cut, from the same draws in the same order.

    Most attempts fail, and nearly all of them by numbers that need no IoU: a patch that does not
    meet every box, or that is too large or too small for the IoU with one of them.

    Args:
        width: of the image, in px.
        height: of the image, in px.
        bboxes: (n, 4), float32, xyxy.
        modes: the least IoU with every box; 1 stands for the whole image, 0 for any patch.
        min_crop_size: least side of a patch, as a fraction of the image's.

    Returns:
        The patch (xyxy, whole pixels) and which boxes have their centre in it; None: no crop.
    """
    bounds = _Bounds(bboxes)
    draw = np.random.random_sample  # uniform(low, high) is low + (high - low) * draw()
    least_w, least_h = min_crop_size * width, min_crop_size * height
    range_w, range_h = width - least_w, height - least_h
    while True:
        mode = float(modes[np.random.randint(len(modes))])
        if mode == WHOLE:
            return None
        for _ in range(ATTEMPTS):
            new_w = least_w + range_w * draw()
            new_h = least_h + range_h * draw()
            if not 0.5 <= new_h / new_w <= 2:
                continue
            low_x, low_y = width - new_w, height - new_h  # mmdet draws from there to 1
            left = low_x + (1.0 - low_x) * draw()
            top = low_y + (1.0 - low_y) * draw()
            patch = (int(left), int(top), int(left + new_w), int(top + new_h))
            if patch[2] == patch[0] or patch[3] == patch[1]:
                continue
            if not len(bboxes):
                return patch, np.zeros(0, bool)
            if mode > 0 and (bounds.exclude(patch, mode) or _least_iou(patch, bboxes) < mode):
                continue
            inside = _centres_inside(patch, bboxes)
            if inside.any():
                return patch, inside


class _Bounds:
    """What rules out a patch before any IoU is computed; never one whose IoUs would do."""

    def __init__(self, bboxes: np.ndarray) -> None:
        sides = bboxes[:, 2:] - bboxes[:, :2]
        # An inverted, empty or NaN box has an IoU that these bounds say nothing about.
        self._apply = len(bboxes) > 0 and bool((sides > 0).all())
        if self._apply:
            areas = sides[:, 0] * sides[:, 1]
            self._smallest = float(areas.min()) * _MARGIN
            self._largest = float(areas.max()) / _MARGIN
            self._last_x1, self._last_y1 = (float(v) for v in bboxes[:, :2].max(axis=0))
            self._first_x2, self._first_y2 = (float(v) for v in bboxes[:, 2:].min(axis=0))

    def exclude(self, patch: Patch, min_iou: float) -> bool:
        if not self._apply:
            return False
        x1, y1, x2, y2 = patch
        area = (x2 - x1) * (y2 - y1)
        return (
            self._smallest < min_iou * area
            or area < min_iou * self._largest
            or x1 >= self._first_x2
            or y1 >= self._first_y2
            or x2 <= self._last_x1
            or y2 <= self._last_y1
        )


def _least_iou(patch: Patch, bboxes: np.ndarray) -> float:
    """As mmdet's bbox_overlaps computes it, in float32 and in its order of operations."""
    corners = np.array(patch, np.float32)
    sides = np.minimum(corners[2:], bboxes[:, 2:]) - np.maximum(corners[:2], bboxes[:, :2])
    sides = np.maximum(sides, np.float32(0))
    overlap = sides[:, 0] * sides[:, 1]
    area = (corners[2] - corners[0]) * (corners[3] - corners[1])
    areas = (bboxes[:, 2] - bboxes[:, 0]) * (bboxes[:, 3] - bboxes[:, 1])
    union = np.maximum(area + areas - overlap, _EPS)
    return float((overlap / union).min())


def _centres_inside(patch: Patch, bboxes: np.ndarray) -> np.ndarray:
    centres = (bboxes[:, :2] + bboxes[:, 2:]) / np.float32(2)
    x, y = centres[:, 0], centres[:, 1]
    inside: np.ndarray = (x > patch[0]) & (y > patch[1]) & (x < patch[2]) & (y < patch[3])
    return inside
