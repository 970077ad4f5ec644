"""Everything that a validation or a test measures, from one set of detections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mmholdout.metrics.class_points import (
    ClassPoints,
    best_class_points,
    class_point_values,
    class_points_at,
)
from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCO_AREAS, COCO_IOU_THRS, COCOOptions
from mmholdout.metrics.coco_result import COCOResult
from mmholdout.metrics.detection_options import DetectionOptions
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.error_analysis import ErrorAnalysis, analyse_errors
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.pairs import Pairs, overlapping_pairs
from mmholdout.metrics.scene import Scene
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.metrics.voc import evaluate_voc
from mmholdout.metrics.voc_result import VOCResult

_BG_THR = 0.1  # overlap up to which a detection lies on the background, as in TIDE


@dataclass(frozen=True, eq=False)
class SplitResult:
    """What was measured on one split.

    Attributes:
        voc: in any case.
        coco: where it was asked for.
        errors: where they were asked for, at the threshold of VOC's precision and recall.
        class_points: each class at its own threshold, where errors were asked for.
    """

    voc: VOCResult
    coco: COCOResult | None = None
    errors: ErrorAnalysis | None = None
    class_points: ClassPoints = ()

    def to_dict(self) -> dict[str, float]:
        """Metric keys as in `detection_keys`; what is not defined is absent.

        F1 and threshold of a class go by VOC's matching, as precision, recall and F1 do.
        """
        values = self.voc.to_dict()
        if self.coco is not None:
            values |= self.coco.to_dict()
        if self.errors is not None:
            values |= self.errors.to_dict()
            values |= class_point_values(self.errors.classes, self.class_points)
        return values


def evaluate_split(
    detections: Sequence[Detections],
    ground_truth: Sequence[GroundTruth],
    classes: Sequence[str],
    options: DetectionOptions,
    score_thr: float | None = None,
    class_score_thrs: Mapping[str, float] | None = None,
    image_names: Sequence[object] | None = None,
) -> SplitResult:
    """VOC's numbers, and what `options.also` asks for.

    For COCO an ignored (`difficult`) object is a crowd, as mmdet's `CocoMetric` has it: it is not
    to be found, and any number of detections may lie in it. Areas are those of the boxes, at most
    100 detections count per image and class, and equal scores go by the order of the images.

    Args:
        detections: one per image.
        ground_truth: one per image, in the same order.
        classes: names in label order.
        options: what to measure and how.
        score_thr: threshold of precision, recall and F1; None takes the one of the best F1. For
            test this is what validation chose.
        class_score_thrs: thresholds by class; a class without one gets that of all. None takes
            those of the best F1, which is for validation only.
        image_names: for error messages; the positions where None.

    Raises:
        ConfigError: an argument is impossible.
        DataError: what `evaluate_voc` refuses.
    """
    voc = evaluate_voc(
        detections,
        ground_truth,
        classes,
        iou_thr=options.iou_thr,
        ap_mode=options.ap_mode,
        legacy_pixel=options.legacy_pixel,
        score_thr=score_thr,
        fixed_score_thr=options.fixed_score_thr,
        image_names=image_names,
    )
    if not options.also:
        return SplitResult(voc)
    scene = scene_from_images(detections, ground_truth, len(classes), image_names)
    wants_errors = 'errors' in options.also
    bg_thr = min(_BG_THR, options.iou_thr / 2)
    pairs = overlapping_pairs(scene, bg_thr, across_classes=True) if wants_errors else None
    coco_matches = match_coco(scene, pairs=pairs) if 'coco' in options.also else None
    coco = None if coco_matches is None else evaluate_coco(scene, classes, coco_matches)
    if pairs is None:
        return SplitResult(voc, coco)
    errors = analyse_errors(
        _matched_at(options.iou_thr, scene, pairs, coco_matches),
        classes,
        pairs,
        options.iou_thr,
        bg_thr=bg_thr,
        score_thr=voc.point.score_thr,
    )
    return SplitResult(voc, coco, errors, _class_points(voc, classes, class_score_thrs))


def _matched_at(iou_thr: float, scene: Scene, pairs: Pairs, coco: Matches | None) -> Matches:
    if coco is not None and iou_thr in COCO_IOU_THRS:
        return coco
    options = COCOOptions(iou_thrs=(iou_thr,), areas={'all': COCO_AREAS['all']})
    return match_coco(scene, options, pairs)


def _class_points(
    voc: VOCResult, classes: Sequence[str], class_score_thrs: Mapping[str, float] | None
) -> ClassPoints:
    if class_score_thrs is None:
        return best_class_points(voc.counted)
    thr = voc.point.score_thr
    # Without a threshold nothing was detected, so that any gives the same.
    return class_points_at(voc.counted, classes, class_score_thrs, 0.0 if thr is None else thr)
