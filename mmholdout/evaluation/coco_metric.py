"""COCO's evaluation as the loops use it."""

from __future__ import annotations

from collections.abc import Sequence

from mmholdout.evaluation.detection_metric import DetectionMetric
from mmholdout.evaluation.ground_truth import ImageId
from mmholdout.metrics.coco import coco_keys, evaluate_coco
from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.coco_result import COCOResult
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.keys import Mode
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.registry import METRICS


@METRICS.register_module()
class COCOMetric(DetectionMetric):
    """COCO's twelve numbers and its AP per class, equal to pycocotools; `result` for tables.

    COCO knows no `difficult`: such objects are taken for crowds, as mmdet's CocoMetric does; they
    may be found any number of times, and count nowhere. Areas are those of the boxes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.options = COCOOptions()
        self.result: COCOResult | None = None

    @staticmethod
    def declared_keys(
        classes: Sequence[str] = (),
        iou_thr: float = 0.5,  # noqa: ARG004  (COCO has its own)
    ) -> dict[str, Mode | None]:
        """Keys of `compute` and their directions, known without data."""
        return dict(coco_keys(classes))

    def begin(self, dataset: object, score_thr: float | None = None) -> None:
        """See DetectionMetric; COCO uses no threshold of scores."""
        super().begin(dataset, score_thr)
        self.result = None

    def measure(
        self,
        detections: Sequence[Detections],
        ground_truth: Sequence[GroundTruth],
        image_names: Sequence[ImageId],
    ) -> dict[str, float]:
        """COCO's numbers; see `evaluate_coco`."""
        scene = scene_from_images(detections, ground_truth, len(self._classes), image_names)
        self.result = evaluate_coco(scene, self._classes)
        return self.result.to_dict()
