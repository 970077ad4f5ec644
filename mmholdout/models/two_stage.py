"""Loss and predictions of a two-stage detector from one pass of its backbone, neck and RPN."""

from __future__ import annotations

from typing import Any

import torch
from mmdet.models.detectors import TwoStageDetector
from mmdet.models.roi_heads import CascadeRoIHead, DynamicRoIHead, StandardRoIHead
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData
from torch import Tensor, nn

from mmholdout.errors import ConfigError
from mmholdout.models.dense_head import WITHOUT_LOSS, dense_head
from mmholdout.models.raw_outputs import RawOutputs
from mmholdout.models.training_form import both_forms, in_training

# Others need more than boxes (HTC, Mask Scoring).
ROI_HEADS = (StandardRoIHead, CascadeRoIHead, DynamicRoIHead)


class TwoStagePass:
    """The steps of `TwoStageDetector.loss` and `.predict`, with the shared ones done once.

    The RoI head runs on two sets of proposals, those of training for the loss and those of
    testing for the predictions: they are other boxes, so there is nothing to share.

    Raises:
        ConfigError: no RPN, an RPN or RoI head with a loss of its own.
    """

    def __init__(self, detector: nn.Module) -> None:
        if not detector.with_rpn:
            raise ConfigError(
                f'{type(detector).__name__} has no RPN, and proposals read from a file are not '
                f'supported here. {WITHOUT_LOSS}'
            )
        self.rpn_head = dense_head(detector.rpn_head, detector)
        self.roi_head = detector.roi_head
        if type(self.roi_head).loss not in [known.loss for known in ROI_HEADS]:
            raise ConfigError(
                f'{type(self.roi_head).__name__} of {type(detector).__name__} has a loss of its '
                f'own, and is not supported here. {WITHOUT_LOSS}'
            )
        self.proposal_cfg = detector.train_cfg.get('rpn_proposal', detector.test_cfg.rpn)
        self.modules = (self.rpn_head, self.roi_head)
        self._readers = [
            module for module in self.roi_head.modules() if hasattr(module, 'loss_and_target')
        ]

    @staticmethod
    def fits(detector: nn.Module) -> bool:
        """Whether the detector adds nothing to mmdet's loss and prediction."""
        cls = type(detector)
        return (
            isinstance(detector, TwoStageDetector)
            and cls.loss is TwoStageDetector.loss
            and cls.predict is TwoStageDetector.predict
        )

    def outputs(self, features: tuple[Tensor, ...]) -> tuple[Any, Any]:
        """What the loss needs, and what the prediction needs."""
        for_loss, for_prediction = both_forms(self.rpn_head, features)
        return (features, for_loss), (features, for_prediction)

    def predict(self, outs: Any, samples: list[DetDataSample]) -> list[InstanceData]:
        """Detections in original pixels; may work in place on `outs`."""
        features, rpn_outs = outs
        metas = [sample.metainfo for sample in samples]
        proposals = self.rpn_head.predict_by_feat(*rpn_outs, batch_img_metas=metas, rescale=False)
        return self.roi_head.predict(features, proposals, samples, rescale=True)

    def loss(self, group: RawOutputs) -> dict[str, Any]:
        """The loss parts of one group of images, as in training: on training's proposals."""
        features, rpn_outs = group.outs
        metas, ignored = list(group.metas), list(group.ignored)
        objects = [_one_class(instances) for instances in group.gt_instances]
        with in_training(self.rpn_head, self.roi_head, *self._readers):
            losses = self.rpn_head.loss_by_feat(*rpn_outs, objects, metas, ignored)
            # After the loss, as in training: decoding may work in place.
            proposals = self.rpn_head.predict_by_feat(
                *rpn_outs, batch_img_metas=metas, cfg=self.proposal_cfg
            )
            roi_losses = self.roi_head.loss(features, proposals, _samples(group))
        return {_of_rpn(key): value for key, value in losses.items()} | roi_losses


def _of_rpn(key: str) -> str:
    """The RPN's parts carry its name, so that they do not meet those of the RoI head."""
    return f'rpn_{key}' if 'loss' in key and 'rpn' not in key else key


def _one_class(instances: InstanceData) -> InstanceData:
    """To the RPN, everything is an object of class 0."""
    objects = instances.new()
    objects.labels = torch.zeros_like(instances.labels)
    return objects


def _samples(group: RawOutputs) -> list[DetDataSample]:
    samples = []
    for instances, ignored, meta in zip(group.gt_instances, group.ignored, group.metas):
        sample = DetDataSample(metainfo=meta, gt_instances=instances)
        if ignored is not None:
            sample.ignored_instances = ignored
        samples.append(sample)
    return samples
