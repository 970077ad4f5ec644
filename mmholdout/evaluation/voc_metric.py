"""VOC evaluation as the loops use it."""

from __future__ import annotations

from collections.abc import Sequence

from mmholdout.evaluation.detection_metric import DetectionMetric
from mmholdout.evaluation.ground_truth import ImageId
from mmholdout.metrics.average_precision import ApMode
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.keys import Mode, declared_keys
from mmholdout.metrics.options import VOCOptions
from mmholdout.metrics.voc import evaluate_voc
from mmholdout.metrics.voc_result import VOCResult
from mmholdout.registry import METRICS


@METRICS.register_module()
class VOCMetric(DetectionMetric):
    """mAP, AP per class, precision, recall and F1 of one pass over a split; `result` for tables.

    Args:
        iou_thr: overlap for mAP, precision, recall and F1.
        ap_mode: 'area' or '11points'.
        legacy_pixel: whether a box includes its last pixel, as in the VOC devkit.
        score_thr: threshold of precision_fixed, recall_fixed and F1_fixed.

    Raises:
        ConfigError: an argument is impossible.
    """

    def __init__(
        self,
        iou_thr: float = 0.5,
        ap_mode: ApMode = 'area',
        legacy_pixel: bool = False,
        score_thr: float = 0.5,
    ) -> None:
        super().__init__()
        self.options = VOCOptions(iou_thr, ap_mode, legacy_pixel, score_thr)
        self.result: VOCResult | None = None

    @staticmethod
    def declared_keys(classes: Sequence[str] = (), iou_thr: float = 0.5) -> dict[str, Mode | None]:
        """Keys of `compute` and their directions, known without data."""
        return declared_keys(classes, iou_thr)

    def begin(self, dataset: object, score_thr: float | None = None) -> None:
        """See DetectionMetric; the result of the pass before is gone."""
        super().begin(dataset, score_thr)
        self.result = None

    def measure(
        self,
        detections: Sequence[Detections],
        ground_truth: Sequence[GroundTruth],
        image_names: Sequence[ImageId],
    ) -> dict[str, float]:
        """VOC's numbers; see `evaluate_voc`."""
        self.result = evaluate_voc(
            detections,
            ground_truth,
            self._classes,
            iou_thr=self.options.iou_thr,
            ap_mode=self.options.ap_mode,
            legacy_pixel=self.options.legacy_pixel,
            score_thr=self._score_thr,
            fixed_score_thr=self.options.fixed_score_thr,
            image_names=image_names,
        )
        return self.result.to_dict()
