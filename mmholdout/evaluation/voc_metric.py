"""VOC evaluation as the loops use it."""

from __future__ import annotations

from collections.abc import Sequence

from mmholdout.evaluation.detection_metric import DetectionMetric
from mmholdout.metrics.average_precision import ApMode
from mmholdout.metrics.keys import Mode, declared_keys
from mmholdout.metrics.options import VOCOptions
from mmholdout.registry import METRICS


@METRICS.register_module()
class VOCMetric(DetectionMetric):
    """mAP, AP per class, precision, recall and F1 of one pass over a split.

    Where `evaluation.metric` asks for more, a `DetectionMetric` with the same options takes its
    place.

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
        super().__init__(iou_thr, ap_mode, legacy_pixel, score_thr)
        # Without `also`: runs of earlier versions are verified against these
        self.options = VOCOptions(iou_thr, ap_mode, legacy_pixel, score_thr)

    @staticmethod
    def declared_keys(classes: Sequence[str] = (), iou_thr: float = 0.5) -> dict[str, Mode | None]:
        """Keys of `compute` and their directions, known without data."""
        return declared_keys(classes, iou_thr)
