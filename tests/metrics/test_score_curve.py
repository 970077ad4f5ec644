from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.metrics.judged import Judged
from mmholdout.metrics.operating_point import OperatingPoint, best_f1_point, point_at
from mmholdout.metrics.score_curve import best_points, score_curve

ROW = st.tuples(st.integers(0, 2), st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans())


def judged_of(rows, extra=(1, 0, 2), images=4) -> Judged:
    """Rows of (label, score, is_true); `extra` objects of each class that nothing finds."""
    rows = sorted(rows, key=lambda row: (row[0], -row[1]))
    labels = np.array([label for label, _, _ in rows], dtype=np.int64)
    is_true = np.array([true for _, _, true in rows], dtype=bool)
    return Judged(
        det=np.arange(len(rows)),
        labels=labels,
        scores=np.array([score for _, score, _ in rows], dtype=float),
        is_true=is_true,
        class_bounds=np.searchsorted(labels, np.arange(4)),
        num_objects=np.bincount(labels[is_true], minlength=3) + np.array(extra),
        num_images=images,
    )


TWO_CLASSES = [(0, 0.9, True), (0, 0.5, False), (1, 0.7, False), (1, 0.5, True), (1, 0.2, True)]


def test_a_curve_by_hand() -> None:
    curve = score_curve(judged_of(TWO_CLASSES))
    assert curve.score_thr.tolist() == [0.9, 0.7, 0.5, 0.2]
    assert curve.num_true.tolist() == [1, 1, 2, 3]
    assert curve.num_false.tolist() == [0, 1, 2, 2]
    assert curve.precision.tolist() == pytest.approx([1, 1 / 2, 1 / 2, 3 / 5])
    assert curve.recall.tolist() == pytest.approx([1 / 6, 1 / 6, 2 / 6, 3 / 6])
    assert curve.f1.tolist() == pytest.approx([2 / 7, 2 / 8, 4 / 10, 6 / 11])
    assert curve.fp_per_image.tolist() == [0, 0.25, 0.5, 0.5]


def test_one_class() -> None:
    curve = score_curve(judged_of(TWO_CLASSES), label=1)
    assert curve.score_thr.tolist() == [0.7, 0.5, 0.2]
    assert curve.num_objects == 2
    assert curve.recall.tolist() == [0, 0.5, 1]


def test_wrong_detections_per_image_at_any_threshold() -> None:
    curve = score_curve(judged_of(TWO_CLASSES))
    thrs = [0.95, 0.9, 0.8, 0.7, 0.5, 0.0]
    assert curve.fp_per_image_at(thrs).tolist() == [0, 0, 0, 0.25, 0.5, 0.5]


def test_recall_at_so_many_wrong_detections_per_image() -> None:
    curve = score_curve(judged_of(TWO_CLASSES))
    levels = [0, 0.24, 0.25, 0.49, 0.5, 9]
    assert curve.recall_at_fp(levels) * 6 == pytest.approx([1, 1, 1, 1, 3, 3])
    wrong_first = score_curve(judged_of([(0, 0.9, False), (0, 0.8, True)]))
    assert wrong_first.recall_at_fp([0.1, 0.25]) * 4 == pytest.approx([0, 1])


def test_nothing_detected() -> None:
    judged = judged_of([])
    curve = score_curve(judged)
    assert len(curve.score_thr) == len(curve.precision) == len(curve.fp_per_image) == 0
    assert curve.recall_at_fp(1.0) == curve.fp_per_image_at(0.5) == 0
    nothing = OperatingPoint(None, 0.0, 0.0, 0.0)
    assert best_points(judged) == (nothing, (nothing, None, nothing))


def test_no_images_and_no_objects() -> None:
    curve = score_curve(judged_of([(0, 0.5, False)], extra=(0, 0, 0), images=0))
    assert curve.recall.tolist() == curve.f1.tolist() == [0]
    assert curve.fp_per_image.tolist() == [1]


@given(st.lists(ROW, max_size=15), st.sampled_from([None, 0, 1, 2]))
def test_each_place_is_the_operating_point_at_its_threshold(rows, label) -> None:
    judged = judged_of(rows)
    curve = score_curve(judged, label)
    part = judged.rows(label)
    scores, is_true = judged.scores[part], judged.is_true[part]
    assert curve.score_thr.tolist() == sorted(set(scores.tolist()), reverse=True)
    for thr, *values in zip(curve.score_thr, curve.precision, curve.recall, curve.f1):
        point = point_at(scores, is_true, judged.objects(label), thr)
        assert values == [point.precision, point.recall, point.f1]


@given(st.lists(ROW, min_size=1, max_size=15))
def test_best_points_lie_on_the_curves(rows) -> None:
    judged = judged_of(rows)
    overall, per_class = best_points(judged)
    curve = score_curve(judged)
    best = int(np.argmax(curve.f1))
    assert (overall.score_thr, overall.f1) == (curve.score_thr[best], curve.f1[best])
    for label, point in enumerate(per_class):
        part = judged.rows(label)
        if judged.objects(label):
            alone = best_f1_point(judged.scores[part], judged.is_true[part], judged.objects(label))
            assert point == alone
        else:
            assert point is None
