"""Each class at a score threshold of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from mmholdout.metrics.error_keys import class_keys
from mmholdout.metrics.judged_images import JudgedImages
from mmholdout.metrics.operating_point import OperatingPoint, best_f1_point, point_at

LEAST_OBJECTS = 20  # with fewer, on new images the common threshold is often the better one

ClassPoints = tuple[OperatingPoint | None, ...]


def best_class_points(judged: JudgedImages) -> ClassPoints:
    """Highest F1 of each class at its own threshold; None for a class without objects."""
    numbers = _objects(judged)
    return tuple(
        best_f1_point(judged.scores[rows], judged.is_true[rows], number) if number else None
        for rows, number in zip(_rows(judged), numbers)
    )


def class_points_at(
    judged: JudgedImages,
    classes: Sequence[str],
    class_score_thrs: Mapping[str, float],
    score_thr: float,
) -> ClassPoints:
    """Each class at a threshold that is given; None for a class without objects.

    Args:
        judged: what counted.
        classes: names in label order.
        class_score_thrs: by name.
        score_thr: of the classes that have none there.
    """
    return tuple(
        point_at(
            judged.scores[rows],
            judged.is_true[rows],
            number,
            float(class_score_thrs.get(name, score_thr)),
        )
        if number
        else None
        for name, rows, number in zip(classes, _rows(judged), _objects(judged))
    )


def supported_score_thrs(judged: JudgedImages, classes: Sequence[str]) -> dict[str, float]:
    """Threshold of the best F1 by name, of the classes with at least `LEAST_OBJECTS` objects."""
    points = zip(classes, best_class_points(judged), _objects(judged))
    return {
        name: point.score_thr
        for name, point, number in points
        if number >= LEAST_OBJECTS and point is not None and point.score_thr is not None
    }


def class_point_values(classes: Sequence[str], points: ClassPoints) -> dict[str, float]:
    """Metric keys as in `error_keys`; what is not defined is absent."""
    values: dict[str, float] = {}
    for name, point in zip(classes, points, strict=True):
        f1, score_thr, _ = class_keys(name)
        if point is not None:
            values[f1] = point.f1
            if point.score_thr is not None:
                values[score_thr] = point.score_thr
    return values


def _rows(judged: JudgedImages) -> list[slice]:
    bounds = np.searchsorted(judged.labels, np.arange(judged.num_classes + 1)).tolist()
    return [slice(begin, end) for begin, end in pairwise(bounds)]


def _objects(judged: JudgedImages) -> list[int]:
    numbers: list[int] = np.bincount(judged.object_labels, minlength=judged.num_classes).tolist()
    return numbers
