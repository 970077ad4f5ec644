"""What goes wrong on a split, as the loops use it."""

from __future__ import annotations

from collections.abc import Sequence

from mmholdout.evaluation.detection_metric import DetectionMetric
from mmholdout.evaluation.ground_truth import ImageId
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCO_AREAS, COCOOptions
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.error_analysis import ErrorAnalysis, analyse_errors
from mmholdout.metrics.error_keys import class_keys, error_keys
from mmholdout.metrics.keys import Mode
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.registry import METRICS

_BG_THR = 0.1  # as in TIDE


@METRICS.register_module()
class ErrorMetric(DetectionMetric):
    """Types of errors and their costs, calibration, each class's best threshold; `result`.

    The thresholds of the classes belong to validation: where one is given from outside, as on test,
    none is chosen anew. Objects and areas are taken as in COCOMetric.

    Args:
        iou_thr: overlap with which an object is found.
    """

    def __init__(self, iou_thr: float = 0.5) -> None:
        super().__init__()
        self.options = COCOOptions(iou_thrs=(iou_thr,), areas={'all': COCO_AREAS['all']})
        self.result: ErrorAnalysis | None = None

    @staticmethod
    def declared_keys(
        classes: Sequence[str] = (),
        iou_thr: float = 0.5,  # noqa: ARG004  (changes the meaning of the keys, not the keys)
    ) -> dict[str, Mode | None]:
        """Keys of `compute` and their directions, known without data."""
        return error_keys(classes)

    def begin(self, dataset: object, score_thr: float | None = None) -> None:
        """See DetectionMetric; the threshold is the confusion matrix's and fp_per_image's."""
        super().begin(dataset, score_thr)
        self.result = None

    def measure(
        self,
        detections: Sequence[Detections],
        ground_truth: Sequence[GroundTruth],
        image_names: Sequence[ImageId],
    ) -> dict[str, float]:
        """See `analyse_errors`."""
        scene = scene_from_images(detections, ground_truth, len(self._classes), image_names)
        (iou_thr,) = self.options.iou_thrs
        bg_thr = min(_BG_THR, iou_thr / 2)
        pairs = overlapping_pairs(scene, bg_thr, across_classes=True)
        self.result = analyse_errors(
            match_coco(scene, self.options, pairs),
            self._classes,
            pairs,
            iou_thr,
            bg_thr,
            self._score_thr,
        )
        values = self.result.to_dict()
        if self._score_thr is not None:
            for name in self._classes:
                f1, score_thr, _ = class_keys(name)
                values.pop(f1, None)
                values.pop(score_thr, None)
        return values
