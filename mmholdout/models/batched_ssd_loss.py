"""SSD's loss of all images at once: targets, hard negatives, both sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from mmdet.models.task_modules.coders import DeltaXYWHBBoxCoder
from mmdet.models.task_modules.samplers import PseudoSampler
from mmdet.structures.bbox import get_box_tensor
from mmengine.structures import InstanceData
from torch import Tensor

from mmholdout.models.batched_max_iou import Assigned, assign_batch, is_batchable
from mmholdout.models.ssd_candidates import joined


def fits_batched_loss(
    head: Any, cls_scores: Sequence[Tensor], batch_img_metas: Sequence[dict[str, Any]]
) -> bool:
    """Whether the batched loss is what mmdet's SSDHead computes with this head's settings.

    It is for SSD's own: MaxIoUAssigner without ignored regions, no sampler, encoded boxes, and
    images that the feature maps do not reach beyond.
    """
    cfg = head.train_cfg
    return (
        is_batchable(head.assigner)
        and type(head.sampler) is PseudoSampler
        and type(head.bbox_coder) is DeltaXYWHBBoxCoder
        and not head.reg_decoded_bbox
        and cfg['allowed_border'] < 0
        and cfg['pos_weight'] <= 0
        and cfg['smoothl1_beta'] > 0
        and all(_all_valid(head, cls_scores, meta['pad_shape']) for meta in batch_img_metas)
    )


def batched_ssd_loss(
    head: Any,
    cls_scores: Sequence[Tensor],
    bbox_preds: Sequence[Tensor],
    batch_gt_instances: Sequence[InstanceData],
) -> dict[str, list[Tensor]]:
    """`loss_cls` and `loss_bbox` of each image; sums are mmdet's but for their order.

    On a GPU nothing waits for the device. Source: Liu et al., SSD, 2016, section 2.2.

    Args:
        head: one that `fits_batched_loss`.
        cls_scores: of each level (B, A * (K + 1), H, W).
        bbox_preds: of each level (B, A * 4, H, W).
        batch_gt_instances: of each image, with `bboxes` and `labels`.
    """
    priors = torch.cat(
        head.prior_generator.grid_priors(
            [scores.shape[-2:] for scores in cls_scores], device=cls_scores[0].device
        )
    )
    assigned = assign_batch(
        head.assigner,
        priors,
        [get_box_tensor(instances.bboxes) for instances in batch_gt_instances],
        [instances.labels for instances in batch_gt_instances],
        head.num_classes,
    )
    num_positive = assigned.positive.sum(1)
    divisor = num_positive.clamp(min=1).sum()
    loss_cls = _classification(head, joined(cls_scores, head.cls_out_channels), assigned)
    targets = head.bbox_coder.encode(
        priors.expand(len(num_positive), -1, -1).flatten(0, 1), assigned.bboxes.flatten(0, 1)
    ).view_as(assigned.bboxes)
    loss_bbox = F.smooth_l1_loss(
        joined(bbox_preds, 4), targets, reduction='none', beta=head.train_cfg['smoothl1_beta']
    )
    loss_bbox = torch.where(assigned.positive[..., None], loss_bbox, 0).sum((1, 2))
    eps = torch.finfo(torch.float32).eps  # as mmdet's weighted losses
    return {
        'loss_cls': list((loss_cls / divisor).unbind()),
        'loss_bbox': list((loss_bbox / (divisor + eps)).unbind()),
    }


def _classification(head: Any, scores: Tensor, assigned: Assigned) -> Tensor:
    """Cross entropy (B,) of the positives and of the hardest negatives of each image."""
    each = F.cross_entropy(scores.flatten(0, 1), assigned.labels.flatten(), reduction='none')
    each = torch.where(assigned.counts, each.view_as(assigned.labels), 0)
    num_positive = assigned.positive.sum(1)
    num_negative = (~assigned.positive).sum(1)
    wanted = torch.minimum(head.train_cfg['neg_pos_ratio'] * num_positive, num_negative)
    # A CPU knows how many are wanted at most; a GPU would have to be waited for.
    most = each.shape[1] if each.is_cuda else int(wanted.max())
    hardest = each.masked_fill(assigned.positive, -1).topk(most, dim=1).values
    chosen = torch.arange(most, device=each.device) < wanted[:, None]
    of_positives = torch.where(assigned.positive, each, 0).sum(1)
    return of_positives + torch.where(chosen, hardest, 0).sum(1)


def _all_valid(head: Any, cls_scores: Sequence[Tensor], pad_shape: Sequence[int]) -> bool:
    """Whether no cell of a feature map lies wholly in the padding of another image."""
    return all(
        scores.shape[-2] <= -(-pad_shape[0] // stride[1])
        and scores.shape[-1] <= -(-pad_shape[1] // stride[0])
        for scores, stride in zip(cls_scores, head.prior_generator.strides)
    )
