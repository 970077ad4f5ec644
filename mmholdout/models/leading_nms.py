"""Suppression that stops when enough boxes are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from mmcv.ops import batched_nms, nms
from torch import Tensor

# Candidates looked at first, per box wanted; most images need no more.
FIRST_LOOK = 4


def leading_nms(
    bboxes: Tensor, scores: Tensor, labels: Tensor, nms_cfg: Mapping[str, Any], max_num: int
) -> tuple[Tensor, Tensor]:
    """The first `max_num` of what `mmcv.ops.batched_nms` keeps, without looking at the rest.

    Greedy suppression decides about a box by better boxes only, so that the result on the best
    candidates is a prefix of the result on all; when it is too short, more are taken.

    Args:
        bboxes: (N, 4) xyxy.
        scores: (N,).
        labels: (N,), boxes of different labels do not suppress each other.
        nms_cfg: as in mmdet's `test_cfg.nms`.
        max_num: number of boxes wanted; zero or less for all.

    Returns:
        Their scores (K,) and indices (K,), best first.
    """
    cfg = dict(nms_cfg)
    kind = cfg.pop('type', 'nms')
    class_agnostic = cfg.pop('class_agnostic', False)
    split_thr = cfg.pop('split_thr', 10000)
    others = set(cfg) - {'iou_threshold', 'offset'}
    if kind != 'nms' or others or max_num <= 0 or len(bboxes) >= split_thr:
        kept, keep = batched_nms(bboxes, scores, labels, nms_cfg)
        stop = max_num if max_num > 0 else None
        return kept[:stop, -1], keep[:stop]
    order = scores.sort(descending=True, stable=True).indices
    if not class_agnostic:  # a place of its own for each class, as in batched_nms
        bboxes = bboxes + (labels.to(bboxes) * (bboxes.max() + 1))[:, None]
    look = FIRST_LOOK * max_num
    leading = order[:look]
    while True:
        keep = leading[nms(bboxes[leading], scores[leading], **cfg)[1]]
        if len(keep) >= max_num or look >= len(order):
            break
        leading = torch.cat([keep, order[look : 4 * look]])  # what was suppressed stays so
        look *= 4
    keep = keep[:max_num]
    return scores[keep], keep
