from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import DataError
from mmholdout.metrics.coco_accumulate import _needed, accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import RECALL_POINTS
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene_build import scene_from_images


def upright(boxes: np.ndarray) -> np.ndarray:
    """No negative sides, and larger, so that several sizes occur."""
    return 14 * np.sort(boxes.reshape(-1, 2, 2), axis=1).reshape(-1, 4)


def ranked(detections, ground_truth, classes):
    return rank_matches(match_coco(scene_from_images(detections, ground_truth, classes)))


@pytest.fixture
def ranking():
    """Of two objects one is found, after a wrong detection; the other class has no object."""
    found = [Detections([[50, 0, 60, 9], [0, 0, 9, 9]], [0.9, 0.8], [0, 0]), Detections.empty()]
    truth = [GroundTruth([[0, 0, 9, 9]], [0], [False])] * 2
    return ranked(found, truth, 2)


def test_a_curve_by_hand(ranking) -> None:
    result = accumulate(ranking)
    curve = result.precision[0, 0, 0]
    assert curve[:51] == pytest.approx(0.5)
    assert curve[51:].tolist() == [0.0] * 50
    assert result.recall[0, 0, 0].tolist() == [0.0, 0.5, 0.5]
    assert result.num_gts.tolist() == [[2, 0], [2, 0], [0, 0], [0, 0]]
    assert np.isnan(result.precision[:, :, 1]).all()
    assert np.isnan(result.recall[:, 2]).all()


def test_means(ranking) -> None:
    result = accumulate(ranking)
    assert result.ap() == result.ap(label=0) == pytest.approx(0.5 * 51 / 101)
    assert result.ap(0.95) == result.ap(area='small') == result.ap()
    assert result.ar(1) == 0.0
    assert result.ar() == result.ar(10, label=0) == 0.5
    assert result.ap(label=1) is result.ap(area='large') is result.ar(area='large') is None


def test_weights_by_hand(ranking) -> None:
    result = accumulate(ranking, [3, 1])  # 3 of 4 objects, each after a wrong detection
    assert result.ar() == 0.75
    assert result.ap() == pytest.approx(0.5 * 76 / 101)
    assert accumulate(ranking, [0, 1]).ap() == 0.0
    assert accumulate(ranking, [0, 0]).ap() is None


@pytest.mark.guarantee
@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    weights=st.lists(st.integers(0, 3), min_size=1, max_size=5),
    score_levels=st.sampled_from([1, 3, None]),
    classes=st.sampled_from([1, 3]),
)
def test_weights_equal_repeated_images(make_scene, seed, weights, score_levels, classes) -> None:
    found, truth, _ = make_scene(
        seed, images=len(weights), classes=classes, score_levels=score_levels
    )
    found = [Detections(upright(item.bboxes), item.scores, item.labels) for item in found]
    truth = [GroundTruth(upright(item.bboxes), item.labels, item.ignore) for item in truth]
    copies = np.repeat(np.arange(len(weights)), weights)
    expected = accumulate(ranked([found[i] for i in copies], [truth[i] for i in copies], classes))
    got = accumulate(ranked(found, truth, classes), weights)
    np.testing.assert_array_equal(got.precision, expected.precision)
    np.testing.assert_array_equal(got.recall, expected.recall)
    np.testing.assert_array_equal(got.num_gts, expected.num_gts)


def test_once_each_is_no_weight(make_scene) -> None:
    found, truth, classes = make_scene(5, images=8, grid=None)
    ranking = ranked(found, truth, classes)
    plain, weighted = accumulate(ranking), accumulate(ranking, np.ones(8, dtype=bool))
    np.testing.assert_array_equal(plain.precision, weighted.precision)
    np.testing.assert_array_equal(plain.recall, weighted.recall)


@pytest.mark.parametrize(
    ('weights', 'message'),
    [
        ([1], '1 weights for 2 images'),
        ([1, 1, 1], '3 weights for 2 images'),
        ([1, -1], 'whole numbers from 0'),
        ([0.5, 0.5], 'whole numbers from 0'),
        ([[1, 1]], 'whole numbers from 0'),
    ],
)
def test_impossible_weights(ranking, weights, message) -> None:
    with pytest.raises(DataError, match=message):
        accumulate(ranking, weights)


def test_recall_reaches_a_point_as_floats_have_it() -> None:
    totals = np.array([0, *range(1, 1200)])
    needed = _needed(totals)
    for total, row in zip(totals[1:].tolist(), needed[1:]):
        recall = np.arange(total + 1) / total
        assert row.tolist() == np.searchsorted(recall, RECALL_POINTS, side='left').tolist()
