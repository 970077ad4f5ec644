"""PASCAL VOC evaluation of a split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.average_precision import ApMode, average_precision
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.judged_images import JudgedImages
from mmholdout.metrics.keys import check_classes
from mmholdout.metrics.match import NEUTRAL, TRUE, best_overlap, judge
from mmholdout.metrics.operating_point import OperatingPoint, best_f1_point, point_at
from mmholdout.metrics.options import VOCOptions, is_number
from mmholdout.metrics.pooled import pool_detections, pool_ground_truth
from mmholdout.metrics.voc_result import ClassResult, VOCResult


def evaluate_voc(
    detections: Sequence[Detections],
    ground_truth: Sequence[GroundTruth],
    classes: Sequence[str],
    iou_thr: float = 0.5,
    ap_mode: ApMode = 'area',
    legacy_pixel: bool = False,
    score_thr: float | None = None,
    fixed_score_thr: float = 0.5,
    image_names: Sequence[object] | None = None,
) -> VOCResult:
    """Average precision per class, and precision, recall and F1 over all classes together.

    Images without objects count: what is detected on them is wrong. Of equal scores, the earlier
    image and then the earlier detection comes first.

    Args:
        detections: one per image.
        ground_truth: one per image, in the same order.
        classes: names in label order.
        iou_thr: overlap for mAP and the operating points; AP50 and AP75 come from the same pass.
        ap_mode: see `average_precision`.
        legacy_pixel: see `iou`.
        score_thr: threshold of precision, recall and F1; None takes the one of the best F1. For
            test this is what validation chose.
        fixed_score_thr: a second threshold, the same for every model.
        image_names: for error messages; the positions where None.

    Raises:
        ConfigError: an argument is impossible.
        DataError: no object counts, numbers of images differ, or a box, score or label is bad.
    """
    options = VOCOptions(iou_thr, ap_mode, legacy_pixel, fixed_score_thr)
    check_classes(classes)
    if score_thr is not None and not is_number(score_thr):
        raise ConfigError(f'score_thr is {score_thr!r}; a finite number or None is needed')
    if len(detections) != len(ground_truth):
        raise DataError(f'{len(detections)} images with detections, {len(ground_truth)} with truth')
    names = range(len(ground_truth)) if image_names is None else image_names
    dets = pool_detections(detections, len(classes), names)
    gts = pool_ground_truth(ground_truth, len(classes), names)
    num_gts = np.bincount(gts.labels[~gts.ignore], minlength=len(classes))
    if not num_gts.any():
        raise DataError(
            f'none of the {len(ground_truth)} images has an object to be found '
            f'({len(gts)} are ignored as difficult), so there is nothing to measure'
        )

    best_object, best_iou = best_overlap(dets, gts, len(classes), legacy_pixel)
    order = np.lexsort((-dets.scores, dets.labels))  # by class, then falling score; stable
    labels, scores = dets.labels[order], dets.scores[order]
    verdicts = {
        thr: judge(best_object[order], best_iou[order], gts.ignore, thr)
        for thr in (options.iou_thr, 0.5, 0.75)
    }
    class_slices = np.searchsorted(labels, np.arange(len(classes) + 1))
    aps = {thr: _aps(verdict, class_slices, num_gts, ap_mode) for thr, verdict in verdicts.items()}

    verdict = verdicts[options.iou_thr]
    counted = verdict != NEUTRAL
    counted_scores, is_true = scores[counted], verdict[counted] == TRUE
    total = int(num_gts.sum())
    if score_thr is None:
        point = best_f1_point(counted_scores, is_true, total)
    else:
        point = point_at(counted_scores, is_true, total, float(score_thr))

    num_dets = np.diff(class_slices)
    num_ignored = np.bincount(gts.labels[gts.ignore], minlength=len(classes))
    rows = []
    for label, name in enumerate(classes):
        mine = labels[counted] == label
        to_find = int(num_gts[label])
        precision, recall = _class_point(point, counted_scores[mine], is_true[mine], to_find)
        rows.append(
            ClassResult(
                name=name,
                gts=to_find,
                ignored=int(num_ignored[label]),
                dets=int(num_dets[label]),
                ap=aps[options.iou_thr][label],
                precision=precision,
                recall=recall,
            )
        )
    return VOCResult(
        options=options,
        num_images=len(ground_truth),
        mean_aps={thr: _mean(values) for thr, values in aps.items()},
        point=point,
        fixed_point=point_at(counted_scores, is_true, total, options.fixed_score_thr),
        per_class=tuple(rows),
        judged=JudgedImages(
            image=dets.image[order][counted],
            labels=labels[counted],
            scores=counted_scores,
            is_true=is_true,
            object_image=gts.image[~gts.ignore],
            object_labels=gts.labels[~gts.ignore],
            num_images=len(ground_truth),
            num_classes=len(classes),
        ),
    )


def _aps(
    verdict: NDArray[np.int8],
    class_slices: NDArray[np.int64],
    num_gts: NDArray[np.int64],
    ap_mode: ApMode,
) -> list[float | None]:
    """AP of each class from verdicts in order of class and falling score."""
    aps: list[float | None] = []
    for label, count in enumerate(num_gts):
        if not count:
            aps.append(None)
            continue
        mine = verdict[class_slices[label] : class_slices[label + 1]]
        num_true = np.cumsum(mine == TRUE)
        num_kept = np.cumsum(mine != NEUTRAL)
        precision = num_true / np.maximum(num_kept, 1)
        aps.append(average_precision(num_true / count, precision, ap_mode))
    return aps


def _mean(aps: list[float | None]) -> float:
    """Mean in float32, as `eval_map` takes it."""
    return float(np.mean(np.array([ap for ap in aps if ap is not None], dtype=np.float32)))


def _class_point(
    point: OperatingPoint, scores: NDArray[np.float64], is_true: NDArray[np.bool_], num_gts: int
) -> tuple[float | None, float | None]:
    """Precision and recall of one class at the threshold common to all."""
    thr = np.inf if point.score_thr is None else point.score_thr
    own = point_at(scores, is_true, num_gts, thr)
    nothing = not num_gts and not (scores >= thr).any()
    return (None if nothing else own.precision), (own.recall if num_gts else None)
