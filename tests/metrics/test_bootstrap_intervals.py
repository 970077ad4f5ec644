from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_fast import mean_over_present, replicate_aps
from mmholdout.metrics.bootstrap_intervals import bootstrap_intervals
from mmholdout.metrics.bootstrap_order import bootstrap_order
from mmholdout.metrics.intervals import ratio_interval
from mmholdout.metrics.keys import declared_interval_keys
from mmholdout.metrics.voc import evaluate_voc

CLASSES = ['cat', 'dog']


def intervals(make_scene, images=80, replicates=200, **options):
    found, truth, _ = make_scene(1, images=images, grid=None, score_levels=None, **options)
    result = evaluate_voc(found, truth, CLASSES)
    return result, bootstrap_intervals(result.judged, result.to_dict(), CLASSES, replicates)


def test_what_is_reported_has_an_interval_around_it(make_scene) -> None:
    result, got = intervals(make_scene)
    assert set(got.found) == {'mAP', 'precision', 'recall', 'AP/cat', 'AP/dog'}
    assert not got.reasons
    values = result.to_dict()
    for key, interval in got.found.items():
        assert 0 < interval.low < values[key] < interval.high < 1
        assert interval.half_width < 0.2


def test_they_come_from_the_replicates(make_scene) -> None:
    result, got = intervals(make_scene)
    aps = replicate_aps(bootstrap_order(result.judged), Draws(80, 200))
    values = result.to_dict()
    assert got.found['mAP'] == ratio_interval(values['mAP'], mean_over_present(aps), 80)
    assert got.found['AP/dog'] == ratio_interval(values['AP/dog'], aps[1], 80)


def test_keys_of_the_history(make_scene) -> None:
    _, got = intervals(make_scene)
    values = got.to_dict()
    assert set(values) == set(declared_interval_keys())
    assert (values['mAP_low'], values['mAP_high']) == (got.found['mAP'].low, got.found['mAP'].high)
    assert all(type(value) is float for value in values.values())


def test_below_support_there_is_a_reason_and_nothing_else(make_scene) -> None:
    _, got = intervals(make_scene, images=22)
    assert not got.found and not got.to_dict()
    assert set(got.reasons.values()) == {'too few images (22 < 50)'}


def test_a_rare_class_has_none(make_scene) -> None:
    found, truth, _ = make_scene(1, images=80, grid=None, score_levels=None, max_gts=9)
    for item in truth[5:]:
        item.labels[:] = 0
    result = evaluate_voc(found, truth, CLASSES)
    got = bootstrap_intervals(result.judged, result.to_dict(), CLASSES, 50)
    assert 'too few objects per class' in got.reasons['AP/dog']
    assert 'AP/dog' not in got.found and 'AP/cat' in got.found and 'mAP' in got.found


def test_precision_needs_detections_and_a_threshold(make_scene) -> None:
    result, _ = intervals(make_scene)
    values = result.to_dict()
    few = bootstrap_intervals(result.judged, values | {'score_thr': 0.999}, CLASSES, 50)
    assert few.reasons['precision'].startswith('too few detections (')
    del values['score_thr']
    without = bootstrap_intervals(result.judged, values, CLASSES, 50)
    assert without.reasons['recall'] == 'no score threshold was chosen'


@pytest.mark.parametrize('curve', ['area', '11points', 'coco'])
def test_the_curve_is_passed_on(make_scene, curve) -> None:
    result, _ = intervals(make_scene)
    got = bootstrap_intervals(result.judged, {'AP/cat': 0.5}, CLASSES, 50, curve, seed=3)
    aps = replicate_aps(bootstrap_order(result.judged), Draws(80, 50, 3), curve)
    assert got.found['AP/cat'] == ratio_interval(0.5, aps[0], 80)
    assert not np.isnan(aps).any()
