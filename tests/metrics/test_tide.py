"""Costs of errors by hand; beside a plain restatement in tests/guarantees/test_tide_restated.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_arrays, scene_from_images
from mmholdout.metrics.tide import TIDE_TYPES, tide


def upright(boxes):
    return np.sort(boxes.reshape(-1, 2, 2), axis=1).reshape(-1, 4)


def scene_of(make_scene, seed, **kwargs):
    found, truth, classes = make_scene(seed, **kwargs)
    return scene_from_images(
        [Detections(upright(d.bboxes), d.scores, d.labels) for d in found],
        [GroundTruth(upright(g.bboxes), g.labels, g.ignore) for g in truth],
        classes,
    )


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_starts_from_coco_ap50(make_scene, seed) -> None:
    matches = match_coco(scene_of(make_scene, seed, grid=None))
    result, expected = tide(matches), accumulate(rank_matches(matches)).ap(0.5)
    assert result.ap == (None if expected is None else pytest.approx(expected, abs=1e-12))


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_wrong_detection_and_lost_object_has_a_place(make_scene, seed) -> None:
    scene = scene_of(make_scene, seed)
    result = tide(match_coco(scene))
    counts, errors = result.counts, result.errors
    wrong = (errors.verdict == 0).sum()
    assert sum(counts[name] for name in ('cls', 'loc', 'both', 'dupe', 'bkg')) == wrong
    assert counts['false_pos'] == wrong
    repairable = len(set(errors.target[errors.repairs].tolist()))
    assert counts['false_neg'] == counts['miss'] + repairable
    assert counts['false_neg'] + errors.found.sum() == errors.counted.sum()
    assert set(result.cost) <= set(TIDE_TYPES) == set(counts)


def test_known_pairs_may_hold_more_than_is_needed(make_scene) -> None:
    scene = scene_of(make_scene, 3, images=8)
    matches = match_coco(scene)
    known = tide(matches, overlapping_pairs(scene, 0.0, across_classes=True))
    assert known.cost == tide(matches).cost
    assert known.counts == tide(matches).counts


def one_image(dets, gts, classes=1):
    return scene_from_arrays(
        [0],
        classes,
        det_images=[0] * len(dets),
        det_bboxes=np.array(dets, float).reshape(-1, 4),
        det_labels=[0] * len(dets),
        det_scores=np.linspace(0.9, 0.1, len(dets)),
        gt_images=[0] * len(gts),
        gt_bboxes=np.array(gts, float).reshape(-1, 4),
        gt_labels=[0] * len(gts),
    )


BOX, FAR = [0, 0, 10, 10], [50, 50, 10, 10]


def test_without_detections_everything_is_missed() -> None:
    result = tide(match_coco(one_image([], [BOX, FAR])))
    assert result.ap == 0
    costs = [name for name, cost in result.cost.items() if cost]
    assert costs == ['miss', 'false_neg']
    assert result.cost['miss'] == result.cost['false_neg'] == 1
    assert result.counts['miss'] == result.counts['false_neg'] == 2


def test_without_objects_there_is_nothing_to_cost() -> None:
    result = tide(match_coco(one_image([BOX], [])))
    assert result.ap is None
    assert result.cost == {}
    assert result.counts['bkg'] == result.counts['false_pos'] == 1


def test_nothing_at_all() -> None:
    result = tide(match_coco(one_image([], [])))
    assert result.ap is None
    assert set(result.counts.values()) == {0}


def test_a_perfect_detector_costs_nothing() -> None:
    result = tide(match_coco(one_image([BOX, FAR], [BOX, FAR], classes=3)))
    assert result.ap == pytest.approx(1)
    assert set(result.cost.values()) == {0}


def test_background_before_the_object() -> None:
    result = tide(match_coco(one_image([FAR, BOX], [BOX])))
    assert result.ap == pytest.approx(0.5)
    assert {name: cost for name, cost in result.cost.items() if cost} == pytest.approx(
        {'bkg': 0.5, 'false_pos': 0.5}
    )


@pytest.mark.parametrize('bg_thr', [0, 0.5, 0.6, -1, None, float('nan')])
def test_impossible_background(bg_thr) -> None:
    with pytest.raises(ConfigError, match='bg_thr'):
        tide(match_coco(one_image([], [BOX])), bg_thr=bg_thr)


def test_another_threshold_must_be_matched() -> None:
    with pytest.raises(ConfigError, match=r'iou_thr is 0\.3'):
        tide(match_coco(one_image([], [BOX])), pos_thr=0.3)
