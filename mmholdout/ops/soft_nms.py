"""Soft non-maximum suppression as mmcv calls it: overlapped boxes lose score.

Bodla et al., Soft-NMS, https://arxiv.org/abs/1704.04503, figure 2 and equations 1 to 3.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mmholdout.ops.block_iou import Floats, iou, room, with_areas

NAIVE, LINEAR, GAUSSIAN = 0, 1, 2  # mmcv's method
BLOCK = 64  # boxes whose factors are computed at once, by measurement


def softnms(
    boxes: Tensor,
    scores: Tensor,
    dets: Tensor,
    iou_threshold: float,
    sigma: float,
    min_score: float,
    method: int,
    offset: int,
) -> Tensor:
    """Indices (K,) int64 of the boxes left, by falling score; `dets[:K]` becomes them with scores.

    Each round takes the box with the highest score and lowers the scores of the others by their
    IoU with it: to 0 (`NAIVE`) or times 1 - IoU (`LINEAR`) from `iou_threshold` on, or times
    exp(-IoU^2 / sigma) (`GAUSSIAN`). Boxes whose score falls below `min_score` are dropped, but the
    first is not. The arithmetic is that of mmcv's compiled operator, in float32; but a NaN IoU
    (both boxes without area) lowers nothing, and of equal scores the lower index comes first.

    `boxes` are (N, 4) xyxy, `scores` (N,) at least 0, NaN counting as 0, and `dets` (N, 5) on the
    CPU. With `offset` 1 a box reaches to the end of its last pixel.
    """
    corners = boxes.detach().to('cpu', torch.float32).numpy().T
    rows = with_areas(np.ascontiguousarray(corners), offset)
    work = room(BLOCK * len(boxes))
    falling = np.nan_to_num(scores.detach().to('cpu', torch.float32).numpy())
    limits = (np.float32(iou_threshold), np.float32(sigma))
    index = np.arange(len(boxes))
    waiting = np.ones(len(boxes), dtype=bool)
    factors: dict[int, Floats] = {}
    kept: list[int] = []
    final: list[np.float32] = []
    while len(kept) < len(boxes):
        best = int(falling.argmax())
        if kept and falling[best] < min_score:  # scores only fall: neither will the others be kept
            break
        if best not in factors:
            # Boxes that are gone are left behind, and with them the factors not used.
            left = np.flatnonzero(waiting & (falling >= min(min_score, falling[best])))
            rows, falling, index, waiting = rows[:, left], falling[left], index[left], waiting[left]
            best = int(falling.argmax())
            block = np.argsort(-falling, kind='stable')[:BLOCK]
            with np.errstate(all='ignore'):
                overlaps = iou(rows[:, block], rows, offset, work)
                factors = dict(zip(block.tolist(), _factors(overlaps, limits, method)))
        kept.append(index[best])
        final.append(falling[best])
        waiting[best], falling[best] = False, -np.inf
        np.multiply(falling, factors.pop(best), out=falling, where=waiting)
    order = torch.tensor(kept, dtype=torch.int64)
    dets[: len(kept), :4] = boxes.detach().to(dets)[order.to(dets.device)]
    dets[: len(kept), 4] = torch.tensor(final).to(dets)
    return order.to(boxes.device)


def _factors(overlaps: Floats, limits: tuple[np.float32, np.float32], method: int) -> Floats:
    """What boxes with these IoUs do to each other's scores, in the same place."""
    iou_threshold, sigma = limits
    if method == GAUSSIAN:
        overlaps *= overlaps
        overlaps /= -sigma
        np.exp(overlaps, out=overlaps)
        unchanged = np.isnan(overlaps)
    else:
        unchanged = ~(overlaps >= iou_threshold)
        if method == LINEAR:
            np.subtract(1, overlaps, out=overlaps)
        else:
            overlaps[:] = 0
    overlaps[unchanged] = 1
    return overlaps
