"""The overlap of each object with its best prior, without building all priors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.boxes import iou
from mmholdout.priors.level import Level

Array = NDArray[np.float64]


def best_iou(
    bboxes: Array,
    images: NDArray[np.int64],
    padded: NDArray[np.int64],
    levels: Sequence[Level],
    border: float = -1,
) -> Array:
    """The largest IoU of each box with any prior of its image, (N,).

    Exact: for a prior of a fixed shape the overlap with a box falls with the horizontal and with
    the vertical distance of their centres, each for itself, so that the best of all cells is the
    nearest one. This compares N x shapes instead of N x all priors.

    Args:
        bboxes: (N, 4) xyxy, pixels of the model's input.
        images: (N, 2) width and height of the image that the box is in.
        padded: (N, 2) the same after padding; a level has ceil(padded / stride) cells.
        levels: of the detector.
        border: `allowed_border`: priors that reach further beyond the image are not used. A
            negative number allows all.
    """
    best = np.zeros(len(bboxes))
    for level in levels:
        best = np.maximum(best, level_iou(bboxes, images, padded, level, border))
    return best


def level_iou(
    bboxes: Array,
    images: NDArray[np.int64],
    padded: NDArray[np.int64],
    level: Level,
    border: float = -1,
) -> Array:
    """The same for the priors of one level, (N,)."""
    if not len(bboxes) or not len(level.base):
        return np.zeros(len(bboxes))
    stride = np.asarray(level.stride, dtype=np.float64)
    base = level.base[None]
    middle = (base[..., :2] + base[..., 2:]) / 2
    first = np.zeros((1, 1, 2))
    last = (np.ceil(padded / stride) - 1)[:, None]
    if border >= 0:
        first = np.maximum(first, np.ceil((-border - base[..., :2]) / stride))
        # mmdet: the far side must lie before image + border, not on it.
        beyond = np.ceil((images[:, None] + border - base[..., 2:]) / stride) - 1
        last = np.minimum(last, beyond)
    elif np.allclose(middle, middle[:, :1], rtol=0, atol=1e-4):
        middle = middle[:, :1]  # one nearest cell for all shapes
    offset = (bboxes[:, None, :2] + bboxes[:, None, 2:]) / 2 - middle
    cell = np.clip(np.rint(offset / stride), first, np.maximum(first, last))
    overlap = iou(bboxes[:, None] - np.tile(cell * stride, 2), base)
    best: Array = np.where((last >= first).all(axis=2), overlap, 0.0).max(axis=1)
    return best


def centred_iou(sizes: Array, shapes: Array) -> Array:
    """IoU of boxes (N, 2) with shapes (K, 2), width and height, on one centre: (N, K)."""
    inner = np.minimum(sizes[:, None], shapes[None]).prod(axis=2)
    union = sizes.prod(axis=1)[:, None] + shapes.prod(axis=1)[None] - inner
    overlap: Array = inner / union
    return overlap
