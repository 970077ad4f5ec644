from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.metrics.operating_point import OperatingPoint, best_f1_point, point_at

SCORED = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans()), max_size=12)


def arrays(scored) -> tuple[np.ndarray, np.ndarray]:
    return np.array([s for s, _ in scored], float), np.array([t for _, t in scored], bool)


@pytest.mark.parametrize(
    ('scored', 'objects', 'expected'),
    [
        ([], 3, OperatingPoint(None, 0.0, 0.0, 0.0)),
        ([(0.9, True)], 1, OperatingPoint(0.9, 1.0, 1.0, 1.0)),
        ([(0.2, False), (0.9, True), (0.4, True)], 2, OperatingPoint(0.4, 1.0, 1.0, 1.0)),
        # 0.9 alone: 2/3; both: 2*1/(2+2) = 1/2
        ([(0.9, True), (0.5, False)], 2, OperatingPoint(0.9, 1.0, 0.5, 2 / 3)),
        # {0.9}: 2/(1+3) = 1/2; all four: 4/(5+3) = 1/2: the higher threshold
        (
            [(0.9, True), (0.8, False), (0.7, False), (0.6, False), (0.5, True)],
            3,
            OperatingPoint(0.9, 1.0, 1 / 3, 0.5),
        ),
        # tied detections are kept together, whichever comes first
        ([(0.9, True), (0.9, False)], 1, OperatingPoint(0.9, 0.5, 1.0, 2 / 3)),
        ([(0.9, False), (0.9, True)], 1, OperatingPoint(0.9, 0.5, 1.0, 2 / 3)),
        ([(0.3, False), (0.7, False)], 2, OperatingPoint(0.7, 0.0, 0.0, 0.0)),
    ],
)
def test_best_f1_table(scored, objects, expected) -> None:
    assert best_f1_point(*arrays(scored), objects) == expected


@pytest.mark.parametrize(
    ('score_thr', 'expected'),
    [
        (0.95, OperatingPoint(0.95, 0.0, 0.0, 0.0)),
        (0.9, OperatingPoint(0.9, 1.0, 0.5, 2 / 3)),  # exactly this score is kept
        (0.5, OperatingPoint(0.5, 2 / 3, 1.0, 0.8)),
        (0.0, OperatingPoint(0.0, 2 / 3, 1.0, 0.8)),
    ],
)
def test_fixed_table(score_thr, expected) -> None:
    assert point_at(*arrays([(0.9, True), (0.6, False), (0.5, True)]), 2, score_thr) == expected


@given(SCORED, st.integers(1, 5))
def test_best_is_the_best_of_all_thresholds(scored, extra) -> None:
    scores, is_true = arrays(scored)
    objects = int(is_true.sum()) + extra
    best = best_f1_point(scores, is_true, objects)
    points = [point_at(scores, is_true, objects, thr) for thr in sorted(set(scores), reverse=True)]
    if points:
        assert best == max(points, key=lambda point: point.f1)  # max takes the first of equals
    else:
        assert best.score_thr is None


@given(SCORED, st.integers(1, 5))
def test_f1_is_the_harmonic_mean(scored, extra) -> None:
    scores, is_true = arrays(scored)
    point = best_f1_point(scores, is_true, int(is_true.sum()) + extra)
    if point.f1:
        assert point.f1 == pytest.approx(2 / (1 / point.precision + 1 / point.recall))
