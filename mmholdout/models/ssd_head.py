"""SSD's head, mended: it can validate, and no annotation turns its loss into NaN."""

from __future__ import annotations

from typing import Any

import torch
from mmdet.models.dense_heads import SSDHead as MMDetSSDHead
from mmdet.structures.bbox import get_box_tensor
from mmengine.structures import InstanceData
from torch import Tensor

from mmholdout.models.batched_ssd_loss import batched_ssd_loss, fits_batched_loss
from mmholdout.models.leading_nms import leading_nms
from mmholdout.registry import MODELS


@MODELS.register_module()
class SSDHead(MMDetSSDHead):
    """mmdet's SSDHead with the same parameters, losses and detections, and these mends.

    - mmdet's cannot predict: it never sets `loss_cls`, which predicting reads.
    - A box without area (augmentation can make one) was encoded as log 0; it is no target.
    - Targets and losses are computed for all images at once.
    - Detections are selected by partial sorting, and suppression stops at `max_per_img`.

    As in the paper, hard negatives are drawn per image, `neg_pos_ratio` for each of its
    positives: an image without objects has none, adds 0, and counts as one positive in the
    divisor, so that no batch divides by 0. A divergent network still gives NaN: nothing here
    looks at the loss.
    """

    loss_cls = None

    def loss_by_feat(
        self,
        cls_scores: list[Tensor],
        bbox_preds: list[Tensor],
        batch_gt_instances: list[InstanceData],
        batch_img_metas: list[dict[str, Any]],
        batch_gt_instances_ignore: list[InstanceData] | None = None,
    ) -> dict[str, list[Tensor]]:
        """`loss_cls` and `loss_bbox`, one value per image, that sum to the batch's loss."""
        if fits_batched_loss(self, cls_scores, batch_img_metas):
            return batched_ssd_loss(self, cls_scores, bbox_preds, batch_gt_instances)
        targets = [_with_area(instances) for instances in batch_gt_instances]
        return super().loss_by_feat(
            cls_scores, bbox_preds, targets, batch_img_metas, batch_gt_instances_ignore
        )

    def _predict_by_feat_single(
        self,
        cls_score_list: list[Tensor],
        bbox_pred_list: list[Tensor],
        score_factor_list: list[Any],  # noqa: ARG002  (the base class's interface)
        mlvl_priors: list[Tensor],
        img_meta: dict[str, Any],
        cfg: Any = None,
        rescale: bool = False,
        with_nms: bool = True,
    ) -> InstanceData:
        cfg = cfg or self.test_cfg
        levels = [
            _candidates(
                cls_score.permute(1, 2, 0).reshape(-1, self.cls_out_channels).softmax(-1)[:, :-1],
                cfg.get('score_thr', 0),
                cfg.get('nms_pre', -1),
            )
            for cls_score in cls_score_list
        ]
        scores, labels, _ = (torch.cat(parts) for parts in zip(*levels))
        deltas, priors = [], []
        for bbox_pred, level_priors, (_, _, places) in zip(bbox_pred_list, mlvl_priors, levels):
            deltas.append(bbox_pred.permute(1, 2, 0).reshape(-1, 4)[places])
            priors.append(level_priors[places])
        bboxes = self.bbox_coder.decode(
            torch.cat(priors), torch.cat(deltas), max_shape=img_meta['img_shape']
        )
        results = InstanceData(bboxes=bboxes, scores=scores, labels=labels)
        return self._bbox_post_process(results, cfg, rescale, with_nms, img_meta)

    def _bbox_post_process(
        self,
        results: InstanceData,
        cfg: Any,
        rescale: bool = False,
        with_nms: bool = True,
        img_meta: dict[str, Any] | None = None,
    ) -> InstanceData:
        results = super()._bbox_post_process(results, cfg, rescale, False, img_meta)
        if with_nms and len(results.scores):
            scores, keep = leading_nms(
                get_box_tensor(results.bboxes),
                results.scores,
                results.labels,
                cfg['nms'],
                cfg['max_per_img'],
            )
            results = results[keep]
            results.scores = scores
        return results


def _candidates(scores: Tensor, score_thr: float, limit: int) -> tuple[Tensor, Tensor, Tensor]:
    """The best `limit` of the scores (P, C) above the threshold: scores, classes, priors."""
    flat = scores.flatten()
    index = (flat > score_thr).nonzero().squeeze(1)
    values = flat[index]
    if 0 < limit < len(values):
        values, order = values.topk(limit)
    else:
        values, order = values.sort(descending=True, stable=True)
    index = index[order]
    num_classes = scores.shape[1]
    return values, index % num_classes, index // num_classes


def _with_area(instances: InstanceData) -> InstanceData:
    bboxes = get_box_tensor(instances.bboxes)
    solid = (bboxes[:, 2] > bboxes[:, 0]) & (bboxes[:, 3] > bboxes[:, 1])
    return instances if solid.all() else instances[solid]
