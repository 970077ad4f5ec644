"""Precision, recall and F1 of the detections at and above one score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class OperatingPoint:
    """What a detector does when it reports scores >= `score_thr` only.

    A ratio without a denominator is 0.0: who reports nothing gets nothing. `score_thr` is None
    where a best threshold was asked for and there is no detection to take it from.
    """

    score_thr: float | None
    precision: float
    recall: float
    f1: float


def point_at(
    scores: NDArray[np.float64], is_true: NDArray[np.bool_], num_objects: int, score_thr: float
) -> OperatingPoint:
    """Operating point at a given threshold.

    Args:
        scores: (N,), without the neutral detections.
        is_true: (N,), the detection found an object that nothing above it had found.
        num_objects: the objects that were to be found.
        score_thr: a detection with exactly this score is kept.
    """
    kept = scores >= score_thr
    return _point(score_thr, int(is_true[kept].sum()), int(kept.sum()), num_objects)


def best_f1_point(
    scores: NDArray[np.float64], is_true: NDArray[np.bool_], num_objects: int
) -> OperatingPoint:
    """Operating point of the highest F1; of equal ones, that with the highest threshold.

    The threshold is one of the scores. Arguments as for `point_at`.
    """
    if not len(scores):
        return OperatingPoint(None, 0.0, 0.0, 0.0)
    order = np.argsort(-scores, kind='stable')
    falling = scores[order]
    # detections of one score are kept or dropped together
    last = np.append(np.flatnonzero(np.diff(falling)), len(falling) - 1)
    num_true = np.cumsum(is_true[order])[last]
    num_kept = last + 1
    best = int(np.argmax(2 * num_true / (num_kept + num_objects)))
    return _point(float(falling[last[best]]), int(num_true[best]), int(num_kept[best]), num_objects)


def _point(score_thr: float, num_true: int, num_kept: int, num_objects: int) -> OperatingPoint:
    def ratio(part: int, whole: int) -> float:
        return part / whole if whole else 0.0

    return OperatingPoint(
        score_thr=score_thr,
        precision=ratio(num_true, num_kept),
        recall=ratio(num_true, num_objects),
        f1=ratio(2 * num_true, num_kept + num_objects),
    )
