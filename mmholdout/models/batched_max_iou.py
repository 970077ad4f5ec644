"""Priors and objects put together for several images at once, as mmdet's MaxIoUAssigner does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import torch
from mmdet.models.task_modules.assigners import BboxOverlaps2D, MaxIoUAssigner
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

_MOST_OVERLAPS = 8_000_000  # numbers in one block of overlaps: 32 MB, a few of which are alive
_LEAST_UNION = 1e-6  # as in mmdet


@dataclass(frozen=True, eq=False)
class Assigned:
    """Which object each prior of each image is to find.

    Attributes:
        labels: int64 (B, P), `num_classes` for the background.
        bboxes: (B, P, 4), the box of a positive prior's object; of another prior, its own.
        positive: bool (B, P).
        counts: bool (B, P): positive, or clearly background; the others are left out.
    """

    labels: Tensor
    bboxes: Tensor
    positive: Tensor
    counts: Tensor


def is_batchable(assigner: object) -> bool:
    """Whether `assign_batch` does what this assigner does."""
    return (
        type(assigner) is MaxIoUAssigner
        and assigner.ignore_iof_thr <= 0
        and assigner.gpu_assign_thr <= 0
        and assigner.perm_repeat_gt_cfg is None
        and isinstance(assigner.neg_iou_thr, float)
        and not (assigner.match_low_quality and assigner.gt_max_assign_all)
        and type(assigner.iou_calculator) is BboxOverlaps2D
        and (assigner.iou_calculator.scale, assigner.iou_calculator.dtype) == (1.0, None)
    )


def assign_batch(
    assigner: MaxIoUAssigner,
    priors: Tensor,
    gt_bboxes: Sequence[Tensor],
    gt_labels: Sequence[Tensor],
    num_classes: int,
) -> Assigned:
    """The same assignment to the last bit, without a loop over images or objects.

    Nothing is read back from the device. A box without area is no object.

    Args:
        assigner: one that `is_batchable`.
        priors: (P, 4) xyxy.
        gt_bboxes: of each image (G, 4) xyxy.
        gt_labels: of each image (G,).
        num_classes: the label of the background.
    """
    parts = []
    for images in _blocks([len(labels) for labels in gt_labels], len(priors)):
        parts.append(_assign(assigner, priors, gt_bboxes[images], gt_labels[images], num_classes))
    return Assigned(
        *(torch.cat([getattr(part, field.name) for part in parts]) for field in fields(Assigned))
    )


def _assign(
    assigner: MaxIoUAssigner,
    priors: Tensor,
    gt_bboxes: Sequence[Tensor],
    gt_labels: Sequence[Tensor],
    num_classes: int,
) -> Assigned:
    bboxes = pad_sequence(list(gt_bboxes), batch_first=True).to(priors.dtype)
    labels = pad_sequence(list(gt_labels), batch_first=True)
    if not bboxes.shape[1]:
        bboxes, labels = bboxes.new_zeros(len(bboxes), 1, 4), labels.new_zeros(len(labels), 1)
    solid = (bboxes[..., 2] > bboxes[..., 0]) & (bboxes[..., 3] > bboxes[..., 1])
    overlaps = _overlaps(bboxes, priors).masked_fill_(~solid[..., None], -1)
    best, of_prior = overlaps.max(dim=1)
    positive = best >= assigner.pos_iou_thr
    counts = positive | (best < assigner.neg_iou_thr)
    if assigner.match_low_quality:
        most, of_object = overlaps.max(dim=2)
        # Of several objects that want one prior the last gets it, as in mmdet's loop.
        number = torch.arange(1, bboxes.shape[1] + 1, device=priors.device)
        wants = number * (solid & (most >= assigner.min_pos_iou))
        forced = of_prior.new_zeros(of_prior.shape).scatter_reduce_(1, of_object, wants, 'amax')
        of_prior = torch.where(forced > 0, forced - 1, of_prior)
        positive, counts = positive | (forced > 0), counts | (forced > 0)
    found = bboxes.gather(1, of_prior[..., None].expand(-1, -1, 4))
    return Assigned(
        labels=torch.where(positive, labels.gather(1, of_prior), num_classes),
        bboxes=torch.where(positive[..., None], found, priors),
        positive=positive,
        counts=counts,
    )


def _overlaps(bboxes: Tensor, priors: Tensor) -> Tensor:
    """IoU (B, G, P), in mmdet's order of operations and with few copies of that size."""
    x1, y1, x2, y2 = (side[..., None] for side in bboxes.unbind(-1))
    left, top, right, bottom = priors.unbind(-1)
    overlap = torch.minimum(x2, right).sub_(torch.maximum(x1, left)).clamp_(min=0)
    overlap.mul_(torch.minimum(y2, bottom).sub_(torch.maximum(y1, top)).clamp_(min=0))
    union = ((x2 - x1) * (y2 - y1)) + ((right - left) * (bottom - top))
    return overlap.div_(union.sub_(overlap).clamp_(min=_LEAST_UNION))


def _blocks(num_objects: Sequence[int], num_priors: int) -> Iterator[slice]:
    """Runs of images whose overlaps, padded to the most objects, fit in one block."""
    start, most = 0, 1
    for index, number in enumerate(num_objects):
        wider = max(most, number)
        if index > start and (index - start + 1) * wider * num_priors > _MOST_OVERLAPS:
            yield slice(start, index)
            start, wider = index, max(1, number)
        most = wider
    yield slice(start, len(num_objects))
