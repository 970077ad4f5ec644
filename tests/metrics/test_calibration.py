from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.calibration import LEAST_SUPPORT, calibrate, has_shares
from mmholdout.metrics.judged import Judged


def judged_of(labels, scores, is_true, classes=2) -> Judged:
    labels, scores = np.asarray(labels, np.int64), np.asarray(scores, float)
    order = np.lexsort((-scores, labels))
    return Judged(
        det=order,
        labels=labels[order],
        scores=scores[order],
        is_true=np.asarray(is_true, bool)[order],
        class_bounds=np.searchsorted(labels[order], np.arange(classes + 1)),
        num_objects=np.ones(classes, dtype=np.int64),
        num_images=1,
    )


def test_bins_by_hand() -> None:
    result = calibrate(judged_of([0, 0, 1, 0], [0.1, 0.3, 0.3, 0.9], [1, 0, 1, 1]), num_bins=4)
    assert result.edges.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert result.count.tolist() == [1, 2, 0, 1]
    assert result.mean_score == pytest.approx([0.1, 0.3, np.nan, 0.9], nan_ok=True)
    assert result.precision == pytest.approx([1, 0.5, np.nan, 1], nan_ok=True)
    assert result.ece == pytest.approx((0.9 + 2 * 0.2 + 0.1) / 4)
    assert result.class_ece == (None, None)


@pytest.mark.parametrize(
    ('score', 'place'), [(0, 0), (0.1, 1), (0.3, 3), (0.6, 6), (0.7, 7), (0.99, 9), (1.0, 9)]
)
def test_an_edge_belongs_to_the_bin_above_but_1_to_the_last(score, place) -> None:
    edges = np.linspace(0, 1, 11)
    score = edges[round(score * 10)] if score * 10 % 1 < 1e-9 else score
    assert (
        calibrate(judged_of([0], [score], [1])).count.tolist()
        == np.eye(10, dtype=int)[place].tolist()
    )


def test_scores_that_say_the_truth_have_no_error() -> None:
    scores = np.repeat([0.25, 0.75], 200)
    is_true = np.concatenate([np.arange(200) % 4 == 0, np.arange(200) % 4 > 0])
    result = calibrate(judged_of(np.zeros(400), scores, is_true))
    assert result.ece == result.class_ece[0] == 0
    assert result.class_ece[1] is None


def test_classes_do_not_make_up_for_each_other_in_their_own_errors() -> None:
    """One class is always right at 0.5 and one never: together 0.5 is true."""
    labels = np.repeat([0, 1], LEAST_SUPPORT)
    result = calibrate(judged_of(labels, np.full(len(labels), 0.5), labels == 0))
    assert result.ece == 0
    assert result.class_ece == (0.5, 0.5)


def test_a_class_needs_support() -> None:
    labels = [0] * LEAST_SUPPORT + [1] * (LEAST_SUPPORT - 1)
    result = calibrate(judged_of(labels, [1.0] * len(labels), [1] * len(labels)))
    assert result.class_ece == (0.0, None)


def test_low_scores_can_be_left_out() -> None:
    result = calibrate(judged_of([0, 0], [0.4, 0.3], [1, 1]), score_thr=0.4)
    assert result.count.sum() == 1
    assert result.ece == pytest.approx(0.6)


def test_without_detections_there_is_no_error() -> None:
    result = calibrate(judged_of([], [], []))
    assert result.ece is None
    assert result.class_ece == (None, None)
    assert result.count.tolist() == [0] * 10
    assert np.isnan(result.precision).all()


@pytest.mark.parametrize('score', [-0.1, 1.1, 7.0])
def test_scores_that_are_no_shares_are_refused(score) -> None:
    judged = judged_of([0, 0], [0.5, score], [1, 1])
    assert not has_shares(judged)
    with pytest.raises(DataError, match=f'{score:g}.*scores from 0 to 1'):
        calibrate(judged)


@pytest.mark.parametrize('num_bins', [0, -1, 2.5, None])
def test_impossible_bins(num_bins) -> None:
    with pytest.raises(ConfigError, match='num_bins'):
        calibrate(judged_of([], [], []), num_bins=num_bins)


@given(st.integers(0, 2**32), st.integers(1, 20))
def test_equals_a_loop_over_the_bins(seed, num_bins) -> None:
    rng = np.random.default_rng(seed)
    scores, is_true = rng.random(60), rng.random(60) < 0.5
    result = calibrate(judged_of(rng.integers(0, 2, 60), scores, is_true), num_bins=num_bins)
    error = 0.0
    for low, high in zip(result.edges, result.edges[1:]):
        mine = (scores >= low) & ((scores < high) | (high == 1))
        if mine.any():
            error += mine.sum() / 60 * abs(is_true[mine].mean() - scores[mine].mean())
    assert result.ece == pytest.approx(error)
    assert result.count.sum() == 60
