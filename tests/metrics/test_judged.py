from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.judged import area_number, judge_matches, thr_number
from mmholdout.metrics.scene_build import scene_from_images

BOX, FAR, CROWD = [0, 0, 10, 10], [50, 50, 60, 60], [80, 80, 120, 120]


@pytest.fixture
def matches():
    """Class 0: wrong at 0.9, right at 0.5. Class 2: right at 0.7. In the crowd: class 0 at 0.8."""
    found = [
        Detections([BOX, [90, 90, 95, 95], BOX], [0.5, 0.8, 0.7], [0, 0, 2]),
        Detections([FAR], [0.9], [0]),
    ]
    truth = [
        GroundTruth([BOX, BOX, CROWD], [0, 2, 0], [False, False, True]),
        GroundTruth([BOX], [2], [False]),
    ]
    return match_coco(scene_from_images(found, truth, 3))


def test_by_class_and_falling_score_without_the_neutral(matches) -> None:
    judged = judge_matches(matches)
    assert judged.det.tolist() == [3, 0, 2]
    assert judged.labels.tolist() == [0, 0, 2]
    assert judged.scores.tolist() == pytest.approx([0.9, 0.5, 0.7])
    assert judged.is_true.tolist() == [False, True, True]
    assert [judged.rows(label) for label in range(3)] == [slice(0, 2), slice(2, 2), slice(2, 3)]
    assert judged.rows() == slice(0, 3)
    assert len(judged) == judged.num_classes == 3
    assert judged.num_images == 2


def test_objects_to_be_found(matches) -> None:
    judged = judge_matches(matches)
    assert [judged.objects(label) for label in range(3)] == [1, 0, 2]
    assert judged.objects() == 3


def test_another_size(matches) -> None:
    judged = judge_matches(matches, area='large')
    assert len(judged) == judged.objects() == 0


@pytest.mark.parametrize(('thr', 'expected'), [(0.5, 0), (0.55, 1), (0.6, 2), (0.7, 4), (0.95, 9)])
def test_thresholds_by_value(matches, thr, expected) -> None:
    assert thr_number(matches, thr) == expected


@pytest.mark.parametrize('thr', [0.3, 0.501, float('nan')])
def test_what_was_not_matched_is_named(matches, thr) -> None:
    with pytest.raises(ConfigError, match=r'matched were 0\.5, 0\.55'):
        judge_matches(matches, thr)


def test_unknown_size(matches) -> None:
    assert area_number(matches, 'large') == 3
    with pytest.raises(ConfigError, match="'tiny'; matched were all, small, medium, large"):
        area_number(matches, 'tiny')


def test_nothing_at_all() -> None:
    scene = scene_from_images([Detections.empty()], [GroundTruth(np.zeros((0, 4)), [], [])], 2)
    judged = judge_matches(match_coco(scene))
    assert len(judged) == judged.objects() == 0
    assert judged.class_bounds.tolist() == [0, 0, 0]
