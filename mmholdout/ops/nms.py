"""Greedy non-maximum suppression in blocks of NumPy arithmetic."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mmholdout.ops.block_iou import Floats, iou, room, with_areas
from mmholdout.ops.torchvision_kernels import kernels_for

# All by measurement.
FIRST_BLOCK = 32  # where boxes lie in heaps, the few best of them already remove most of the others
BLOCK = 128  # with
COLUMNS = 1024  # a tile of IoUs: larger ones leave the caches
FEW = 256  # boxes that are not worth looking for groups
GROUP = 64  # smaller groups cost more in calls than they save in arithmetic
LATER = np.triu(np.ones((BLOCK, BLOCK), dtype=bool), 1)


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
    library = kernels_for(boxes) if offset == 0 else None
    if library is not None:
        kept: Tensor = library.nms(boxes.float(), scores.float(), iou_threshold)
        return kept
    order = _best_first(scores)
    sorted_boxes = boxes.detach().to('cpu', torch.float32).numpy()[order]
    with np.errstate(invalid='ignore', divide='ignore', over='ignore'):
        keep = _keep(np.ascontiguousarray(sorted_boxes.T), iou_threshold, offset)
    return torch.from_numpy(order[keep]).to(boxes.device)


def _best_first(scores: Tensor) -> NDArray[np.intp]:
    """Order by score descending, ties by index; as in torch, NaN is the greatest of all."""
    scores = scores.detach().reshape(-1).cpu()
    if scores.dtype == torch.float64:
        return torch.sort(scores, descending=True, stable=True).indices.numpy()
    # Integers that order as the floats do, and the index below: NumPy sorts them without branches.
    keys = 0 - scores.float().numpy()  # no -0.0
    bits = keys.view(np.int32).astype(np.int64)
    bits ^= (bits >> 63) & 0x7FFFFFFF
    bits[np.isnan(keys)] = -(1 << 31)
    bits = (bits << 32) | np.arange(bits.size)
    bits.sort()
    return bits & 0xFFFFFFFF


def _keep(boxes: Floats, iou_threshold: float, offset: int) -> NDArray[np.intp]:
    """Which of the boxes (4, N), best first, survive; ascending."""
    rows = with_areas(boxes, offset)
    index = np.arange(boxes.shape[1])
    threshold = np.float32(iou_threshold)
    work = room(BLOCK * COLUMNS)
    kept = []
    if index.size > 4 * BLOCK:  # where boxes lie in heaps, a few of the best remove most
        survivors, rows, index = _block(rows, index, FIRST_BLOCK, threshold, offset, work)
        kept.append(survivors)
    groups = _disjoint_groups(rows, iou_threshold, offset)
    for group in groups:
        group_rows, group_index = rows, index
        if len(groups) > 1:
            group_rows, group_index = np.ascontiguousarray(rows[:, group]), index[group]
        while group_index.size:
            size = BLOCK // 2 if BLOCK < group_index.size <= 4 * BLOCK else BLOCK
            survivors, group_rows, group_index = _block(
                group_rows, group_index, size, threshold, offset, work
            )
            kept.append(survivors)
    return np.sort(np.concatenate(kept)) if kept else index


def _disjoint_groups(boxes: Floats, iou_threshold: float, offset: int) -> list[NDArray[np.intp]]:
    """Groups no two of which overlap along x, each in the given order.

    mmcv.ops.batched_nms shifts every class to a place of its own; this finds the classes again
    and spares their cross terms.
    """
    count = boxes.shape[1]
    if count <= FEW or iou_threshold < 0:  # below 0, boxes far apart suppress each other
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


def _block(
    rows: Floats,
    index: NDArray[np.intp],
    size: int,
    iou_threshold: np.float32,
    offset: int,
    work: Floats,
) -> tuple[NDArray[np.intp], Floats, NDArray[np.intp]]:
    """The first `size` boxes: who of them survives, and the later boxes that they leave."""
    size = min(size, index.size)
    block, rest = rows[:, :size], rows[:, size:]
    # Few boxes: one call on all of them costs less than a second one without the removed.
    near = index.size if size * index.size <= BLOCK * COLUMNS else size
    over = iou(block, rows[:, :near], offset, work) > iou_threshold
    survivors = _within_block(over[:, :size])
    alive = np.ones(rest.shape[1], dtype=bool)
    alive[: near - size] = ~over[survivors, size:].any(axis=0)
    best = block.take(survivors, axis=1)
    for start in range(near - size, rest.shape[1], COLUMNS):
        over = iou(best, rest[:, start : start + COLUMNS], offset, work) > iou_threshold
        alive[start : start + COLUMNS] = ~over.any(axis=0)
    left = np.flatnonzero(alive)
    return index[:size][survivors], rest.take(left, axis=1), index[size:][left]


def _within_block(over: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Greedy choice among boxes whose pairwise verdicts are known; rows as big integers."""
    count = len(over)
    rows = np.packbits(over & LATER[:count, :count], axis=1, bitorder='little').tobytes()
    stride = len(rows) // count
    removed = 0
    survivors = []
    for i in range(count):
        if not removed >> i & 1:
            survivors.append(i)
            removed |= int.from_bytes(rows[i * stride : (i + 1) * stride], 'little')
    return np.array(survivors, dtype=np.intp)
