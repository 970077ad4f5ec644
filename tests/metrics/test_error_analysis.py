from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.error_analysis import analyse_errors
from mmholdout.metrics.error_keys import error_keys
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.metrics.size_bins import size_rows

BOX, FAR = [0, 0, 10, 10], [50, 50, 60, 60]
EMPTY = GroundTruth(np.zeros((0, 4)), [], [])


def upright(boxes):
    return np.sort(boxes.reshape(-1, 2, 2), axis=1).reshape(-1, 4)


def matches_of(found, truth, classes=2):
    return match_coco(scene_from_images(found, truth, classes))


@pytest.fixture
def matches():
    """A cat found at 0.75 after nothing at 1.0; another cat missed; no dog."""
    found = [Detections([BOX, FAR], [0.75, 1.0], [0, 0]), Detections.empty()]
    return matches_of(found, [GroundTruth([BOX], [0], [False])] * 2)


def test_all_numbers_by_hand(matches) -> None:
    analysis = analyse_errors(matches, ['cat', 'dog'])
    half = 51 / 101
    assert analysis.to_dict() == pytest.approx(
        {
            'tide/cls': 0.0,
            'tide/loc': 0.0,
            'tide/both': 0.0,
            'tide/dupe': 0.0,
            'tide/bkg': half / 2,
            'tide/miss': (1 - half) / 2,
            'tide/false_pos': half / 2,
            'tide/false_neg': (1 - half) / 2,
            'fp_per_image': 0.5,
            'recall_at_fp/0.1': 0.0,
            'recall_at_fp/1': 0.5,
            'ECE': (1 + 0.25) / 2,
        }
    )
    assert analysis.point.score_thr == analysis.confusion.score_thr == 0.75
    assert analysis.confusion.counts.tolist() == [[1, 0, 1], [0, 0, 0], [1, 0, 0]]


def test_a_given_threshold(matches) -> None:
    analysis = analyse_errors(matches, ['cat', 'dog'], score_thr=0.9)
    assert (analysis.point.score_thr, analysis.point.recall) == (0.9, 0)
    assert analysis.confusion.counts.tolist() == [[0, 0, 2], [0, 0, 0], [1, 0, 0]]


def test_sizes_are_reported_too(matches) -> None:
    rows = size_rows(accumulate(rank_matches(matches)))
    values = analyse_errors(matches, ['cat', 'dog'], sizes=rows).to_dict()
    assert values['size_recall/small'] == values['size_recall/all'] == 0.5
    assert 'size_AP/large' not in values


def test_no_detections() -> None:
    truth = [GroundTruth([BOX], [0], [False])]
    analysis = analyse_errors(matches_of([Detections.empty()], truth), ['cat', 'dog'])
    assert analysis.confusion is None
    values = analysis.to_dict()
    assert values['tide/miss'] == 1
    assert not {'fp_per_image', 'ECE', 'score_thr/cat'} & set(values)


def test_scores_that_are_no_shares_have_no_calibration() -> None:
    truth = [GroundTruth([BOX], [0], [False])]
    found = [Detections([BOX], [7.5], [0])]
    analysis = analyse_errors(matches_of(found, truth), ['cat', 'dog'])
    assert analysis.calibration is None
    assert 'ECE' not in analysis.to_dict()


def test_no_objects() -> None:
    with pytest.raises(DataError, match='none of the 1 images has an object'):
        analyse_errors(matches_of([Detections.empty()], [EMPTY]), ['cat', 'dog'])


def test_wrong_arguments(matches) -> None:
    with pytest.raises(DataError, match='1 class names, but labels of 2 classes'):
        analyse_errors(matches, ['cat'])
    with pytest.raises(ConfigError, match='or None is needed'):
        analyse_errors(matches, ['cat', 'dog'], score_thr=float('nan'))
    with pytest.raises(ConfigError, match='iou_thr'):
        analyse_errors(matches, ['cat', 'dog'], iou_thr=0.2)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), classes=st.sampled_from([1, 3]))
def test_declared_keys_finite_values_and_known_pairs(make_scene, seed, classes) -> None:
    found, truth, _ = make_scene(seed, classes=classes, grid=None, images=4)
    matches = matches_of(
        [Detections(upright(d.bboxes), d.scores, d.labels) for d in found],
        [GroundTruth(upright(g.bboxes), g.labels, g.ignore) for g in truth],
        classes,
    )
    names = ['cat', 'dog', 'cow'][:classes]
    if not matches.scene.objects.ignore.all():
        values = analyse_errors(matches, names).to_dict()
        assert set(values) <= set(error_keys(names))
        assert all(type(value) is float and np.isfinite(value) for value in values.values())
        pairs = overlapping_pairs(matches.scene, 0.05, across_classes=True)
        assert analyse_errors(matches, names, pairs).to_dict() == values
