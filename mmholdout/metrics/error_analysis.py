"""Everything that says what goes wrong on a split, from one matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.calibration import Calibration, calibrate, has_shares
from mmholdout.metrics.confusion import Confusion, confusion_matrix
from mmholdout.metrics.error_keys import (
    FP_LEVELS,
    class_keys,
    recall_at_fp_key,
    size_ap_key,
    size_recall_key,
    tide_key,
)
from mmholdout.metrics.judged import judge_matches
from mmholdout.metrics.keys import check_classes
from mmholdout.metrics.matches import Matches
from mmholdout.metrics.operating_point import OperatingPoint, best_f1_point, point_at
from mmholdout.metrics.options import is_number
from mmholdout.metrics.pairs import Pairs, overlapping_pairs
from mmholdout.metrics.score_curve import ScoreCurve, score_curve
from mmholdout.metrics.size_bins import SizeRow
from mmholdout.metrics.tide import Tide, tide


@dataclass(frozen=True, eq=False)
class ErrorAnalysis:
    """What goes wrong on one split.

    Attributes:
        classes: names in label order.
        iou_thr: overlap with which an object is found.
        curve: precision, recall, F1 and wrong detections per image at all score thresholds.
        point: at the threshold that was given, else at that of the best F1.
        tide: error types and their costs.
        confusion: at the threshold of `point`; None where nothing was detected and no threshold
            was given.
        calibration: None where a score lies outside [0, 1].
        sizes: the rows that were handed in.
    """

    classes: tuple[str, ...]
    iou_thr: float
    curve: ScoreCurve
    point: OperatingPoint
    tide: Tide
    confusion: Confusion | None
    calibration: Calibration | None
    sizes: tuple[SizeRow, ...]

    def to_dict(self) -> dict[str, float]:
        """Metric keys as in `error_keys`; what is not defined is absent.

        Precision, recall and F1, of all classes and of each, are not among them: they go by VOC's
        matching (`evaluate_voc`, `class_points`).
        """
        values: dict[str, float | None] = {
            tide_key(kind): cost for kind, cost in self.tide.cost.items()
        }
        if self.point.score_thr is not None:
            values['fp_per_image'] = float(self.curve.fp_per_image_at(self.point.score_thr))
        recalls = self.curve.recall_at_fp(FP_LEVELS).tolist()
        values |= {recall_at_fp_key(level): recall for level, recall in zip(FP_LEVELS, recalls)}
        values['ECE'] = self.calibration.ece if self.calibration else None
        for row in self.sizes:
            values |= {size_ap_key(row.name): row.ap, size_recall_key(row.name): row.recall}
        for label, name in enumerate(self.classes):
            _, _, ece = class_keys(name)
            values[ece] = self.calibration.class_ece[label] if self.calibration else None
        return {key: value for key, value in values.items() if value is not None}


def analyse_errors(
    matches: Matches,
    classes: Sequence[str],
    pairs: Pairs | None = None,
    iou_thr: float = 0.5,
    bg_thr: float = 0.1,
    score_thr: float | None = None,
    sizes: Sequence[SizeRow] = (),
) -> ErrorAnalysis:
    """Analyse a split.

    Args:
        matches: from `match_coco`, with `iou_thr` among its thresholds and 'all' among its sizes.
        classes: names in label order.
        pairs: from `overlapping_pairs(scene, bg_thr, across_classes=True)`, where they are known
            already.
        iou_thr: overlap with which an object is found.
        bg_thr: overlap up to which a detection lies on the background.
        score_thr: threshold of `point` and of the confusion matrix; None takes the one of the
            best F1. For test this is what validation chose.
        sizes: from `size_rows`, to be reported with the others; without COCO's own.

    Raises:
        ConfigError: an argument is impossible.
        DataError: no object is to be found, or the class list is of another length.
    """
    check_classes(classes)
    if score_thr is not None and not is_number(score_thr):
        raise ConfigError(f'score_thr is {score_thr!r}; a finite number or None is needed')
    scene = matches.scene
    if len(classes) != scene.num_classes:
        raise DataError(f'{len(classes)} class names, but labels of {scene.num_classes} classes')
    judged = judge_matches(matches, iou_thr)
    if not judged.objects():
        raise DataError(
            f'none of the {scene.num_images} images has an object to be found '
            f'({len(scene.objects)} are ignored), so there is nothing to measure'
        )
    if pairs is None:
        pairs = overlapping_pairs(scene, bg_thr, across_classes=True)
    if score_thr is None:
        point = best_f1_point(judged.scores, judged.is_true, judged.objects())
    else:
        point = point_at(judged.scores, judged.is_true, judged.objects(), float(score_thr))
    kept_from = point.score_thr
    return ErrorAnalysis(
        classes=tuple(classes),
        iou_thr=float(iou_thr),
        curve=score_curve(judged),
        point=point,
        tide=tide(matches, pairs, iou_thr, bg_thr),
        confusion=(
            None if kept_from is None else confusion_matrix(scene, kept_from, iou_thr, pairs)
        ),
        calibration=calibrate(judged) if has_shares(judged) else None,
        sizes=tuple(sizes),
    )
