"""Precision, recall, F1 and false positives per image over all score thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mmholdout.metrics.judged import Judged
from mmholdout.metrics.operating_point import OperatingPoint, best_f1_point


@dataclass(frozen=True, eq=False)
class ScoreCurve:
    """What is kept at each threshold that changes anything.

    A ratio without a denominator is 0.0, as in `OperatingPoint`.

    Attributes:
        score_thr: float64 (S,), the distinct scores, falling; what has exactly it is kept.
        num_true: int64 (S,), objects found.
        num_false: int64 (S,), wrong detections.
        num_objects: to be found.
        num_images: images, those without anything included.
    """

    score_thr: NDArray[np.float64]
    num_true: NDArray[np.int64]
    num_false: NDArray[np.int64]
    num_objects: int
    num_images: int

    @property
    def precision(self) -> NDArray[np.float64]:
        """Share of the kept detections that is right (S,)."""
        precision: NDArray[np.float64] = self.num_true / (self.num_true + self.num_false)
        return precision

    @property
    def recall(self) -> NDArray[np.float64]:
        """Share of the objects that is found (S,)."""
        recall: NDArray[np.float64] = self.num_true / max(self.num_objects, 1)
        return recall

    @property
    def f1(self) -> NDArray[np.float64]:
        """Harmonic mean of precision and recall (S,)."""
        total = self.num_true + self.num_false + self.num_objects
        f1: NDArray[np.float64] = 2 * self.num_true / total
        return f1

    @property
    def fp_per_image(self) -> NDArray[np.float64]:
        """Wrong detections per image (S,); never falls along the curve."""
        rate: NDArray[np.float64] = self.num_false / max(self.num_images, 1)
        return rate

    def fp_per_image_at(self, score_thrs: ArrayLike) -> NDArray[np.float64]:
        """Wrong detections per image at any thresholds (...)."""
        place = np.searchsorted(-self.score_thr, -np.asarray(score_thrs, float), side='right')
        return np.append(0.0, self.fp_per_image)[place]

    def recall_at_fp(self, fp_per_image: ArrayLike) -> NDArray[np.float64]:
        """Best recall (...) with at most so many wrong detections per image.

        No interpolation: it is the recall at a threshold that exists, 0.0 where already the
        highest score has more wrong detections.
        """
        allowed = np.asarray(fp_per_image, float)
        place = np.searchsorted(self.fp_per_image, allowed, side='right')
        return np.append(0.0, self.recall)[place]


def score_curve(judged: Judged, label: int | None = None) -> ScoreCurve:
    """Curve of one class, or of all detections together.

    Detections of one score are kept or dropped together.
    """
    rows = judged.rows(label)
    scores, is_true = judged.scores[rows], judged.is_true[rows]
    if label is None:
        order = np.argsort(-scores, kind='stable')
        scores, is_true = scores[order], is_true[order]
    last = np.flatnonzero(np.diff(scores, append=-np.inf))
    num_true = np.cumsum(is_true, dtype=np.int64)[last]
    return ScoreCurve(
        score_thr=scores[last],
        num_true=num_true,
        num_false=last + 1 - num_true,
        num_objects=judged.objects(label),
        num_images=judged.num_images,
    )


def best_points(judged: Judged) -> tuple[OperatingPoint, tuple[OperatingPoint | None, ...]]:
    """Highest F1 of all classes at one common threshold, and of each class at its own.

    Returns:
        The common one, and one per class, None where the class has no objects.
    """
    per_class = [
        best_f1_point(judged.scores[rows], judged.is_true[rows], judged.objects(label))
        if judged.num_objects[label]
        else None
        for label, rows in enumerate(map(judged.rows, range(judged.num_classes)))
    ]
    overall = best_f1_point(judged.scores, judged.is_true, judged.objects())
    return overall, tuple(per_class)
