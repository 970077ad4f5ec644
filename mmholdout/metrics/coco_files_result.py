"""Everything that is measured on a pair of COCO files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmholdout.metrics.class_points import ClassPoints, best_class_points, class_point_values
from mmholdout.metrics.coco import coco_keys, evaluate_coco
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_files import COCOFiles
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCO_AREAS, COCO_IOU_THRS, COCOOptions
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.coco_result import COCOResult
from mmholdout.metrics.error_analysis import ErrorAnalysis, analyse_errors
from mmholdout.metrics.error_keys import error_keys
from mmholdout.metrics.keys import Mode, declared_keys
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.pairs import Pairs, overlapping_pairs
from mmholdout.metrics.size_bins import SizeRow, size_areas, size_rows
from mmholdout.metrics.voc import evaluate_voc
from mmholdout.metrics.voc_result import VOCResult

ELEVEN_POINTS = 'mAP_11points'
_ANY_SIZE = {'all': COCO_AREAS['all']}
BG_THR = 0.1  # overlap up to which a detection lies on the background, as in TIDE


@dataclass(frozen=True, eq=False)
class COCOFilesResult:
    """One evaluation.

    Attributes:
        matches: COCO's matching, from which further analyses can be made without another.
        coco: the twelve numbers and a row per class.
        voc: average precision by area, precision, recall and F1.
        eleven_points: mAP at the same overlap by VOC 2007's rule.
        errors: what goes wrong, at the overlap of VOC's numbers by COCO's matching.
        class_points: each class at the threshold of its best F1, by VOC's matching.
    """

    matches: Matches
    coco: COCOResult
    voc: VOCResult
    eleven_points: float
    errors: ErrorAnalysis
    class_points: ClassPoints

    def to_dict(self) -> dict[str, float]:
        """Metric keys as in `coco_files_keys`; what is not defined is absent."""
        voc = self.voc.to_dict()
        own = {'mAP': voc.pop('mAP'), ELEVEN_POINTS: self.eleven_points}
        points = class_point_values(self.errors.classes, self.class_points)
        return self.coco.to_dict() | own | voc | self.errors.to_dict() | points

    def class_rows(self) -> list[dict[str, Any]]:
        """For the table of the classes: None where something is not defined."""
        return [
            {
                'class': coco.name,
                'gts': coco.gts,
                'dets': voc.dets,
                'coco_AP': coco.ap,
                'AP50': coco.ap50,
                'AP75': coco.ap75,
                'small': coco.ap_small,
                'medium': coco.ap_medium,
                'large': coco.ap_large,
                'AR100': coco.ar100,
                'VOC AP': voc.ap,
                'precision': voc.precision,
                'recall': voc.recall,
                'best F1': None if point is None else point.f1,
                'at score': None if point is None else point.score_thr,
            }
            for coco, voc, point in zip(
                self.coco.per_class, self.voc.per_class, self.class_points, strict=True
            )
        ]


def evaluate_coco_files(
    files: COCOFiles,
    iou_thr: float = 0.5,
    legacy_pixel: bool = False,
    score_thr: float | None = None,
    sides: Sequence[float] = (),
) -> COCOFilesResult:
    """COCO's and VOC's numbers, and what goes wrong.

    Args:
        files: from `read_coco_files`.
        iou_thr: overlap of VOC's mAP, precision, recall and F1; COCO has its own.
        legacy_pixel: for VOC's numbers, see `metrics.boxes.iou`.
        score_thr: threshold of precision, recall and F1 and of the confusion matrix; None takes
            the one of the best F1.
        sides: limits of size bins besides COCO's, see `size_areas`.

    Raises:
        ConfigError: an argument is impossible.
        DataError: there is nothing to be found.
    """
    detections, ground_truth = files.per_image()
    classes, names = files.truth.classes, files.image_names()
    by_area, eleven_points = (
        evaluate_voc(
            detections,
            ground_truth,
            classes,
            iou_thr=iou_thr,
            ap_mode=mode,
            legacy_pixel=legacy_pixel,
            score_thr=score_thr,
            image_names=names,
        )
        for mode in ('area', '11points')
    )
    scene = files.scene()
    pairs = overlapping_pairs(scene, min(BG_THR, iou_thr / 2), across_classes=True)
    matches = match_coco(scene, pairs=pairs)
    known = iou_thr in COCO_IOU_THRS
    at_thr = matches if known else match_coco(scene, _only(iou_thr), pairs)
    return COCOFilesResult(
        matches=matches,
        coco=evaluate_coco(scene, classes, matches),
        voc=by_area,
        eleven_points=eleven_points.mean_aps[iou_thr],
        errors=analyse_errors(
            at_thr,
            classes,
            pairs,
            iou_thr,
            bg_thr=min(BG_THR, iou_thr / 2),
            score_thr=score_thr,
            sizes=_sizes(matches, pairs, iou_thr, sides),
        ),
        class_points=best_class_points(by_area.counted),
    )


def coco_files_keys(
    classes: Sequence[str] = (), sizes: Sequence[str] = ()
) -> dict[str, Mode | None]:
    """Keys of `COCOFilesResult.to_dict` and their directions; None where neither is better.

    `mAP_11points` is here alone: a validation has one mAP, and `ap_mode` says by which rule.

    Args:
        classes: names in label order; none where they are not known yet.
        sizes: names of own size bins.

    Raises:
        ConfigError: the classes are impossible.
    """
    keys = coco_keys(classes) | declared_keys(classes) | error_keys(classes, sizes)
    return keys | {ELEVEN_POINTS: 'max'}


def _only(iou_thr: float, areas: Mapping[str, tuple[float, float]] = _ANY_SIZE) -> COCOOptions:
    return COCOOptions(iou_thrs=(iou_thr,), areas=areas)


def _sizes(
    matches: Matches, pairs: Pairs, iou_thr: float, sides: Sequence[float]
) -> tuple[SizeRow, ...]:
    if not sides:
        return ()
    of_size = match_coco(matches.scene, _only(iou_thr, size_areas(sides)), pairs)
    rows = size_rows(accumulate(rank_matches(of_size)))
    return tuple(row for row in rows if row.name != 'all')
