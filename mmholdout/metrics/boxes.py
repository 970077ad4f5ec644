"""Overlap of axis-aligned boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SMALLEST_UNION = 1e-6  # as in mmdet: two boxes without area do not overlap instead of 0 / 0


def iou(
    bboxes1: NDArray[np.floating], bboxes2: NDArray[np.floating], legacy_pixel: bool = False
) -> NDArray[np.float64]:
    """Intersection over union of boxes (..., 4) xyxy, broadcast against each other.

    Args:
        bboxes1: absolute pixels.
        bboxes2: absolute pixels.
        legacy_pixel: the VOC devkit's convention that a box includes its last pixel, so that
            width is x2 - x1 + 1.
    """
    extra = 1.0 if legacy_pixel else 0.0
    first = np.asarray(bboxes1, dtype=np.float64)
    second = np.asarray(bboxes2, dtype=np.float64)

    def area(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
        size: NDArray[np.float64] = high - low + extra
        return size[..., 0] * size[..., 1]

    low = np.maximum(first[..., :2], second[..., :2])
    high = np.minimum(first[..., 2:], second[..., 2:])
    sides = np.maximum(high - low + extra, 0.0)
    overlap: NDArray[np.float64] = sides[..., 0] * sides[..., 1]
    areas = area(first[..., :2], first[..., 2:]) + area(second[..., :2], second[..., 2:])
    union = areas - overlap
    return overlap / np.maximum(union, _SMALLEST_UNION)


def iou_matrix(
    bboxes1: NDArray[np.floating], bboxes2: NDArray[np.floating], legacy_pixel: bool = False
) -> NDArray[np.float64]:
    """Overlap of every box of (N, 4) with every box of (M, 4), shape (N, M); see `iou`."""
    first = np.asarray(bboxes1).reshape(-1, 1, 4)
    second = np.asarray(bboxes2).reshape(1, -1, 4)
    return iou(first, second, legacy_pixel)
