"""Loss and predictions of a single-stage detector from one pass."""

from __future__ import annotations

from typing import Any

from mmdet.models.detectors import SingleStageDetector
from mmdet.structures import DetDataSample
from mmengine.structures import InstanceData
from torch import Tensor, nn

from mmholdout.models.dense_head import dense_head
from mmholdout.models.raw_outputs import RawOutputs
from mmholdout.models.training_form import both_forms, in_training


class SingleStagePass:
    """The steps of `SingleStageDetector.loss` and `.predict`, with the shared ones done once.

    Raises:
        ConfigError: see `dense_head`.
    """

    def __init__(self, detector: nn.Module) -> None:
        self.head = dense_head(detector.bbox_head, detector)
        self.modules = (self.head,)

    @staticmethod
    def fits(detector: nn.Module) -> bool:
        """Whether the detector adds nothing to mmdet's loss and prediction."""
        cls = type(detector)
        return (
            isinstance(detector, SingleStageDetector)
            and cls.loss is SingleStageDetector.loss
            and cls.predict is SingleStageDetector.predict
        )

    def outputs(self, features: tuple[Tensor, ...]) -> tuple[Any, Any]:
        """What the loss needs, and what the prediction needs."""
        return both_forms(self.head, features)

    def predict(self, outs: Any, samples: list[DetDataSample]) -> list[InstanceData]:
        """Detections in original pixels; may work in place on `outs`."""
        metas = [sample.metainfo for sample in samples]
        return self.head.predict_by_feat(*outs, batch_img_metas=metas, rescale=True)

    def loss(self, group: RawOutputs) -> dict[str, Any]:
        """The loss parts of one group of images, as in training."""
        with in_training(self.head):
            return self.head.loss_by_feat(
                *group.outs, list(group.gt_instances), list(group.metas), list(group.ignored)
            )
