"""Greedy non-maximum suppression in blocks of NumPy arithmetic."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

# By measurement: tiles of BLOCK x COLUMNS float32 stay in the L2 cache, and groups smaller than
# GROUP boxes cost more in calls than they save in arithmetic.
BLOCK = 128
COLUMNS = 1024
GROUP = 64

Floats = NDArray[np.float32]


def backend_name() -> str:
    """Which implementation is in use here, for people."""
    if torch.cuda.is_available():
        return 'torchvision' if _torchvision() is not None else 'own NMS (NumPy, on the CPU)'
    return 'own NMS (NumPy)'


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float, offset: int = 0) -> Tensor:
    """Indices (K,) int64 that greedy suppression keeps, by score descending, ties by lower index.

    The arithmetic is that of mmcv's compiled `nms`: float32, IoU = inter / (area_i + area_j -
    inter), suppressed when IoU > `iou_threshold`; a NaN IoU (both boxes without area) suppresses
    nothing.

    Args:
        boxes: (N, 4) xyxy.
        scores: (N,).
        iou_threshold: in [0, 1].
        offset: 0, or 1 for the old convention in which a box reaches to the end of its last pixel.
    """
    if not boxes.is_cpu and offset == 0 and _torchvision() is not None:
        return _torchvision().nms(boxes.float(), scores.float(), iou_threshold)
    order = torch.sort(scores.detach().reshape(-1), descending=True, stable=True).indices
    sorted_boxes = boxes.detach()[order].to('cpu', torch.float32)
    with np.errstate(invalid='ignore', divide='ignore', over='ignore'):
        keep = _keep(np.ascontiguousarray(sorted_boxes.numpy().T), iou_threshold, offset)
    return order[torch.from_numpy(np.flatnonzero(keep)).to(order.device)]


@cache
def _torchvision() -> ModuleType | None:
    """Its operators serve tensors on a GPU only: on a CPU the blocks here are faster."""
    try:
        return importlib.import_module('torchvision.ops')
    except (ImportError, RuntimeError):  # RuntimeError: built for another torch
        return None


def _keep(boxes: Floats, iou_threshold: float, offset: int) -> NDArray[np.bool_]:
    """Which of the boxes (4, N), best first, survive."""
    keep = np.zeros(boxes.shape[1], dtype=bool)
    for group in _disjoint_groups(boxes, iou_threshold, offset):
        group_boxes = np.ascontiguousarray(boxes[:, group])
        keep[group[_greedy(group_boxes, np.float32(iou_threshold), offset)]] = True
    return keep


def _disjoint_groups(boxes: Floats, iou_threshold: float, offset: int) -> list[NDArray[np.intp]]:
    """Groups no two of which overlap along x, each in the given order.

    mmcv.ops.batched_nms shifts every class to a place of its own; this finds the classes again
    and spares their cross terms.
    """
    count = boxes.shape[1]
    if count <= GROUP or iou_threshold < 0:  # below 0, boxes far apart suppress each other
        return [np.arange(count)]
    by_left = np.argsort(boxes[0])
    reach = np.maximum.accumulate(boxes[2][by_left])
    # The same float32 subtraction as in the intersection, so that the cut is exact.
    cuts = np.flatnonzero((reach[:-1] - boxes[0][by_left][1:]) + np.float32(offset) <= 0) + 1
    groups = []
    start = 0
    for cut in [*cuts.tolist(), count]:
        if cut - start >= GROUP or cut == count:
            groups.append(np.sort(by_left[start:cut]))
            start = cut
    return groups


def _greedy(boxes: Floats, iou_threshold: np.float32, offset: int) -> NDArray[np.intp]:
    widths_heights = boxes[2:] - boxes[:2]
    if offset:
        widths_heights += np.float32(offset)
    rows = np.concatenate([boxes, (widths_heights[0] * widths_heights[1])[None]])  # (5, N)
    index = np.arange(boxes.shape[1])
    work = np.empty((3, BLOCK * COLUMNS), dtype=np.float32)
    kept = []
    while index.size:
        block, rest = rows[:, :BLOCK], rows[:, BLOCK:]
        survivors = _within_block(_over(block, block, iou_threshold, offset, work))
        kept.append(index[:BLOCK][survivors])
        alive = np.ones(rest.shape[1], dtype=bool)
        best = block[:, survivors]
        for start in range(0, rest.shape[1], COLUMNS):
            over = _over(best, rest[:, start : start + COLUMNS], iou_threshold, offset, work)
            alive[start : start + COLUMNS] = ~over.any(axis=0)
        rows = rest[:, alive]
        index = index[BLOCK:][alive]
    return np.concatenate(kept) if kept else index


def _over(
    first: Floats, second: Floats, iou_threshold: np.float32, offset: int, work: Floats
) -> NDArray[np.bool_]:
    """IoU > threshold, (N, M), of boxes with their areas (5, N) and (5, M)."""
    shape = (first.shape[1], second.shape[1])
    size = shape[0] * shape[1]
    width, height, union = (row[:size].reshape(shape) for row in work)
    np.minimum(first[2][:, None], second[2], out=width)
    width -= np.maximum(first[0][:, None], second[0], out=union)
    np.minimum(first[3][:, None], second[3], out=height)
    height -= np.maximum(first[1][:, None], second[1], out=union)
    if offset:
        width += np.float32(offset)
        height += np.float32(offset)
    np.maximum(width, 0, out=width)
    np.maximum(height, 0, out=height)
    width *= height
    np.add(first[4][:, None], second[4], out=union)
    union -= width
    width /= union
    return width > iou_threshold


def _within_block(over: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Greedy choice among boxes whose pairwise verdicts are known; rows as big integers."""
    count = over.shape[0]
    removed = 0
    bits = np.packbits(np.triu(over, 1), axis=1, bitorder='little')
    rows = bits.tobytes()
    stride = bits.shape[1]
    for i in np.flatnonzero(bits.any(axis=1)).tolist():
        if not removed >> i & 1:
            removed |= int.from_bytes(rows[i * stride : (i + 1) * stride], 'little')
    flags = np.frombuffer(removed.to_bytes(stride, 'little'), dtype=np.uint8)
    return np.flatnonzero(~np.unpackbits(flags, bitorder='little', count=count).astype(bool))
