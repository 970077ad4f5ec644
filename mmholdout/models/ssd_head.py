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
from mmholdout.models.ssd_candidates import candidates, decoded, joined
from mmholdout.registry import MODELS


@MODELS.register_module()
class SSDHead(MMDetSSDHead):
    """mmdet's SSDHead with the same parameters, losses and detections, and these mends.

    - mmdet's cannot predict: it never sets `loss_cls`, which predicting reads.
    - A box without area (augmentation can make one) was encoded as log 0; it is no target.
    - Targets and losses are computed for all images at once.
    - Boxes are decoded for all images at once, and suppression stops at `max_per_img`.

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

    def predict_by_feat(
        self,
        cls_scores: list[Tensor],
        bbox_preds: list[Tensor],
        score_factors: None = None,  # noqa: ARG002  (the base class's interface)
        batch_img_metas: list[dict[str, Any]] | None = None,
        cfg: Any = None,
        rescale: bool = False,
        with_nms: bool = True,
    ) -> list[InstanceData]:
        """Detections of each image: `bboxes` (N, 4) xyxy, `scores` and `labels`, best first."""
        cfg = cfg or self.test_cfg
        metas = batch_img_metas or []
        priors = self.prior_generator.grid_priors(
            [m.shape[-2:] for m in cls_scores], cls_scores[0].dtype, cls_scores[0].device
        )
        scores = joined(cls_scores, self.cls_out_channels).detach().softmax(-1)[..., :-1]
        ends = priors[0].new_tensor([len(p) for p in priors], dtype=torch.int64).cumsum(0)
        bboxes = decoded(
            self.bbox_coder,
            torch.cat(priors),
            joined(bbox_preds, 4).detach(),
            [tuple(meta['img_shape']) for meta in metas],
        )
        return [
            self._bbox_post_process(
                candidates(*image, ends * scores.shape[2], cfg), cfg, rescale, with_nms, meta
            )
            for *image, meta in zip(bboxes, scores, metas)
        ]

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


def _with_area(instances: InstanceData) -> InstanceData:
    bboxes = get_box_tensor(instances.bboxes)
    solid = (bboxes[:, 2] > bboxes[:, 0]) & (bboxes[:, 3] > bboxes[:, 1])
    return instances if solid.all() else instances[solid]
