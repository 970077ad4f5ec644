"""Average precision of a split in which some errors are repaired."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.coco_ranking import RankedHits, Ranking
from mmholdout.metrics.coco_ties import Ties
from mmholdout.metrics.match import NEUTRAL, TRUE
from mmholdout.metrics.scene import Scene, stable_by
from mmholdout.metrics.tide_errors import CLS, Errors

_NONE: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
_NO_TIES = Ties(_NONE, _NONE, _NONE, _NONE, _NONE, _NONE)  # nothing is drawn more than once


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a detector gave, or would have given.

    Attributes:
        order: int64 (n,) the detections that count, by class, then falling score.
        labels: int64 (N,) of all detections.
        is_true: bool (N,).
        counted: bool (M,), objects to be found.
    """

    order: NDArray[np.int64]
    labels: NDArray[np.int64]
    is_true: NDArray[np.bool_]
    counted: NDArray[np.bool_]


def as_it_is(scene: Scene, errors: Errors) -> Outcome:
    """Nothing repaired. Equal scores: the earlier image, then the one given first, as in COCO."""
    return Outcome(
        order=scene.by_score[errors.verdict[scene.by_score] != NEUTRAL],
        labels=scene.detections.labels,
        is_true=errors.verdict == TRUE,
        counted=errors.counted,
    )


def repaired(outcome: Outcome, errors: Errors, kind: int, scene: Scene) -> Outcome:
    """Without the errors of one type; the CLS and LOC errors that can become right become right."""
    now_true = errors.repairs & (errors.error == kind)
    dropped = (errors.error == kind) & ~now_true
    order, labels = outcome.order[~dropped[outcome.order]], outcome.labels
    if kind == CLS:
        labels = labels.copy()
        labels[now_true] = scene.objects.labels[errors.target[now_true]]
        order = np.sort(order)  # as given, which decides ties
        order = order[np.argsort(-scene.detections.scores[order], kind='stable')]
        order = stable_by(labels, order)
    return replace(outcome, order=order, labels=labels, is_true=outcome.is_true | now_true)


def true_first(outcome: Outcome) -> Outcome:
    """Every wrong detection below every right one."""
    is_true = outcome.is_true[outcome.order]
    order = np.concatenate([outcome.order[is_true], outcome.order[~is_true]])
    return replace(outcome, order=stable_by(outcome.labels, order))


def without_objects(outcome: Outcome, gone: NDArray[np.bool_]) -> Outcome:
    """These objects (M,) need not be found."""
    return replace(outcome, counted=outcome.counted & ~gone)


def mean_ap(outcome: Outcome, scene: Scene, has_objects: NDArray[np.bool_]) -> float | None:
    """AP at 101 recalls, over the classes that have objects when nothing is repaired.

    Of these, one left without objects counts as 0.0, one left without detections also not at all,
    as in tidecv.

    Args:
        outcome: what to measure.
        scene: where from.
        has_objects: (K,), the classes that take part.
    """
    order = outcome.order
    labels = outcome.labels[order]
    bounds = np.searchsorted(labels, np.arange(scene.num_classes + 1))
    position = np.flatnonzero(outcome.is_true[order])
    hits = RankedHits(
        position=position,
        is_counted=np.ones(len(position), dtype=np.bool_),
        bounds=np.searchsorted(position, bounds),
        ties=_NO_TIES,
    )
    ranking = Ranking(
        options=COCOOptions(iou_thrs=(0.5,), areas={'all': (0.0, np.inf)}, max_dets=(1,)),
        num_images=scene.num_images,
        image=scene.detections.image[order],
        rank=np.zeros(len(order), dtype=np.int64),
        class_bounds=bounds,
        in_area=np.ones((1, len(order)), dtype=np.bool_),
        hits=(hits,),
        gt_image=scene.objects.image,
        gt_labels=scene.objects.labels,
        gt_counted=outcome.counted[None],
    )
    result = accumulate(ranking)
    aps = result.precision[0, 0].mean(axis=-1)
    is_left = has_objects & ((result.num_gts[0] > 0) | (np.diff(bounds) > 0))
    values = np.nan_to_num(aps[is_left], nan=0.0)
    return float(values.mean()) if len(values) else None
