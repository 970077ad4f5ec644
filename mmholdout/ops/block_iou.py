"""IoU of a block of boxes with many, in the float32 arithmetic of mmcv's compiled operators."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def with_areas(boxes: Floats, offset: int) -> Floats:
    """Boxes (4, N) xyxy and their areas below, (5, N).

    With `offset` 1, here and in `iou`, a box reaches to the end of its last pixel.
    """
    widths_heights = boxes[2:] - boxes[:2]
    if offset:
        widths_heights += np.float32(offset)
    return np.concatenate([boxes, (widths_heights[0] * widths_heights[1])[None]])


def room(pairs: int) -> Floats:
    """Memory for `iou` of at most so many pairs, to be made once."""
    return np.empty(4 * pairs, dtype=np.float32)


def iou(first: Floats, second: Floats, offset: int, work: Floats) -> Floats:
    """IoU (N, M) of boxes with areas (5, N) and (5, M); NaN of two boxes without area.

    The result lies in `work` until its next use. NumPy may warn of the NaN; callers silence it.
    """
    shape = (2, 2, first.shape[1], second.shape[1])  # x and y at once: half the calls
    extents, left_tops = work[: 4 * shape[2] * shape[3]].reshape(shape)
    np.minimum(first[2:4, :, None], second[2:4, None], out=extents)
    extents -= np.maximum(first[:2, :, None], second[:2, None], out=left_tops)
    if offset:
        extents += np.float32(offset)
    np.maximum(extents, 0, out=extents)
    inter: Floats = extents[0]
    union: Floats = left_tops[0]
    inter *= extents[1]
    np.add(first[4][:, None], second[4], out=union)
    union -= inter
    inter /= union
    return inter
