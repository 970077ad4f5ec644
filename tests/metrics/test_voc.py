from __future__ import annotations

import dataclasses
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.errors import ConfigError, DataError
from mmholdout.metrics.average_precision import AP_MODES
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.keys import declared_keys
from mmholdout.metrics.voc import evaluate_voc

A, B, FAR = [0, 0, 10, 10], [20, 20, 30, 30], [50, 50, 60, 60]
TOLERANCE = 1e-9


def assert_equal_to_eval_map(scene, run, iou_thr=0.5, ap_mode='area', legacy_pixel=False) -> None:
    detections, ground_truth, num_classes = scene
    classes = [f'class {label}' for label in range(num_classes)]
    args = (detections, ground_truth, classes, iou_thr, ap_mode, legacy_pixel)
    kwargs = {'eval_mode': ap_mode, 'use_legacy_coordinate': legacy_pixel}
    mean_ap, rows = run(scene, iou_thr=iou_thr, **kwargs)
    if not any(row['num_gts'] for row in rows):
        with pytest.raises(DataError, match='nothing to measure'):
            evaluate_voc(*args)
        return
    result = evaluate_voc(*args)
    values = result.to_dict()
    assert abs(values['mAP'] - mean_ap) <= TOLERANCE
    assert abs(values['AP50'] - run(scene, iou_thr=0.5, **kwargs)[0]) <= TOLERANCE
    assert abs(values['AP75'] - run(scene, iou_thr=0.75, **kwargs)[0]) <= TOLERANCE
    for own, row in zip(result.per_class, rows, strict=True):
        assert (own.gts, own.dets) == (row['num_gts'], row['num_dets'])
        if row['num_gts']:
            assert abs(own.ap - row['ap']) <= TOLERANCE
        else:
            assert own.ap is None


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    images=st.integers(1, 5),
    classes=st.integers(1, 4),
    max_dets=st.sampled_from([0, 1, 12, 40]),
    max_gts=st.sampled_from([0, 1, 5, 20]),
    ignored=st.sampled_from([0.0, 0.3, 1.0]),
    score_levels=st.sampled_from([1, 3, None]),
    grid=st.sampled_from([2, 8, None]),
    iou_thr=st.sampled_from([0.5, 0.3, 0.6, 0.75]),
    ap_mode=st.sampled_from(AP_MODES),
    legacy_pixel=st.booleans(),
)
def test_equal_to_eval_map(official, make_scene, iou_thr, ap_mode, legacy_pixel, **kwargs) -> None:
    scene = make_scene(**kwargs)
    assert_equal_to_eval_map(scene, official.stable, iou_thr, ap_mode, legacy_pixel)


@pytest.mark.parametrize('ap_mode', AP_MODES)
@pytest.mark.parametrize('legacy_pixel', [False, True])
def test_equal_to_eval_map_as_it_comes(official, make_scene, ap_mode, legacy_pixel) -> None:
    """Its own processes and its own sort; hence without tied scores."""
    scene = make_scene(7, images=60, classes=9, max_dets=30, grid=None, score_levels=None)
    assert_equal_to_eval_map(scene, official.untouched, 0.5, ap_mode, legacy_pixel)


def truth(*boxes, labels=None, ignore=None) -> GroundTruth:
    zeros = [0] * len(boxes)
    return GroundTruth(list(boxes), labels or zeros, ignore or zeros)


def found(*boxes, scores=None, labels=None) -> Detections:
    return Detections(list(boxes), scores or [0.9] * len(boxes), labels or [0] * len(boxes))


DEGENERATE = {
    'no detections': ([found()], [truth(A, B)], 1),
    'no detections of one class': ([found(A)], [truth(A, B, labels=[0, 1])], 2),
    'no objects of one class': ([found(A, B, labels=[0, 1])], [truth(A)], 2),
    'no objects on one image': ([found(A), found(A)], [truth(A), truth()], 1),
    'a class that is all difficult': (
        [found(A, B, labels=[0, 1])],
        [truth(A, B, labels=[0, 1], ignore=[0, 1])],
        2,
    ),
    'all difficult': ([found(A)], [truth(A, ignore=[1])], 1),
    'duplicate detections': ([found(A, A, A, scores=[0.5, 0.9, 0.5])], [truth(A)], 1),
    'duplicate objects': ([found(A, A)], [truth(A, A)], 1),
    'all scores tied over images': ([found(A, FAR), found(FAR, A)], [truth(A), truth(A)], 1),
    'no area': ([found([5, 5, 5, 5])], [truth([5, 5, 5, 5])], 1),
    'nothing anywhere': ([found(), found()], [truth(), truth()], 3),
    'perfect': ([found(A, B)], [truth(A, B)], 1),
}


@pytest.mark.parametrize('scene', DEGENERATE.values(), ids=DEGENERATE)
@pytest.mark.parametrize('ap_mode', AP_MODES)
@pytest.mark.parametrize('legacy_pixel', [False, True])
def test_degenerate_inputs_equal_eval_map(official, scene, ap_mode, legacy_pixel) -> None:
    assert_equal_to_eval_map(scene, official.stable, 0.5, ap_mode, legacy_pixel)


def test_no_detections_is_zero_and_complete() -> None:
    values = evaluate_voc([found()], [truth(A)], ['cat', 'dog']).to_dict()
    absent = {'score_thr', 'AP/dog'}  # no score to take it from; no dog to find
    assert set(values) == set(declared_keys(['cat', 'dog'])) - absent
    assert set(values.values()) == {0.0}


def test_false_positives_on_images_without_objects_count() -> None:
    objects = [truth(A), truth()]
    clean = evaluate_voc([found(A), found()], objects, ['cat']).to_dict()
    noisy = evaluate_voc([found(A), found(A, scores=[0.95])], objects, ['cat']).to_dict()
    assert clean['mAP'] == clean['precision_fixed'] == 1.0
    assert noisy['mAP'] == noisy['precision_fixed'] == 0.5


def test_false_positives_of_a_class_without_objects_count_in_precision() -> None:
    values = evaluate_voc([found(A, B, labels=[0, 1])], [truth(A)], ['cat', 'dog']).to_dict()
    assert values['mAP'] == 1.0
    assert values['precision'] == 0.5


def test_difficult_objects_are_neither_found_nor_missed() -> None:
    result = evaluate_voc([found(A, B, B)], [truth(A, B, ignore=[0, 1])], ['cat'])
    assert result.point == dataclasses.replace(result.fixed_point, score_thr=0.9)
    assert (result.point.precision, result.point.recall, result.point.f1) == (1.0, 1.0, 1.0)
    row = result.per_class[0]
    assert (row.gts, row.ignored, row.dets, row.ap) == (1, 1, 3, 1.0)


def test_per_class_table_is_at_the_common_threshold() -> None:
    detections = [found(A, B, FAR, scores=[0.9, 0.8, 0.1], labels=[0, 1, 1])]
    objects = [truth(A, B, FAR, labels=[0, 1, 0])]
    result = evaluate_voc(detections, objects, ['cat', 'dog', 'cow'])
    assert result.point.score_thr == 0.8
    assert [(row.precision, row.recall) for row in result.per_class] == [
        (1.0, 0.5),
        (1.0, 1.0),
        (None, None),
    ]


def test_the_threshold_chosen_on_val_gives_the_same_numbers_again() -> None:
    """A float32 score survives as a float, so that `>=` keeps what it kept."""
    scores = np.array([0.3, 0.3, 0.1], dtype=np.float32)
    detections = [Detections([A, B, FAR], scores, [0, 0, 0])]
    chosen = evaluate_voc(detections, [truth(A, B)], ['cat']).point
    again = evaluate_voc(detections, [truth(A, B)], ['cat'], score_thr=chosen.score_thr).point
    assert again == chosen
    assert chosen.recall == 1.0


def test_a_given_threshold_is_used_although_another_is_better() -> None:
    detections = [found(A, FAR, scores=[0.9, 0.5])]
    values = evaluate_voc(detections, [truth(A)], ['cat'], score_thr=0.2).to_dict()
    assert (values['score_thr'], values['precision'], values['recall']) == (0.2, 0.5, 1.0)
    # also when there is nothing at all
    values = evaluate_voc([found()], [truth(A)], ['cat'], score_thr=0.2).to_dict()
    assert (values['score_thr'], values['F1']) == (0.2, 0.0)


def test_operating_points_follow_iou_thr() -> None:
    detections = [found([0, 0, 6, 10])]
    assert evaluate_voc(detections, [truth(A)], ['cat'], iou_thr=0.6).point.recall == 1.0
    assert evaluate_voc(detections, [truth(A)], ['cat'], iou_thr=0.61).point.recall == 0.0


def test_legacy_pixel_is_a_choice() -> None:
    detections, objects = [found([0, 0, 8, 8])], [truth([0, 0, 3.8, 8])]
    assert evaluate_voc(detections, objects, ['cat']).to_dict()['mAP'] == 0.0
    assert evaluate_voc(detections, objects, ['cat'], legacy_pixel=True).to_dict()['mAP'] == 1.0


def test_nearly_equal_models_differ() -> None:
    """Nothing is rounded to three digits: plateau, stop and selection see small gains."""
    count = 5000
    objects = [GroundTruth([A], [0], [False])] * count

    def map_with(hits: int) -> float:
        detections = [found(A)] * hits + [found()] * (count - hits)
        return evaluate_voc(detections, objects, ['cat']).to_dict()['mAP']

    assert map_with(2501) - map_with(2500) == pytest.approx(1 / count, abs=1e-6)


@given(st.integers(0, 2**32))
def test_values_are_finite_floats_from_0_to_1(make_scene, seed) -> None:
    detections, objects, _classes = make_scene(seed, max_gts=4, ignored=0.0)
    objects.append(truth(A))
    detections.append(found())
    values = evaluate_voc(detections, objects, ['a', 'b']).to_dict()
    assert all(type(value) is float and math.isfinite(value) for value in values.values())
    assert all(0 <= value <= 1 for value in values.values())


@given(st.integers(0, 2**32))
def test_a_detection_more_cannot_lower_recall(make_scene, seed) -> None:
    detections, objects, _ = make_scene(seed)
    objects.append(truth(A))
    before = evaluate_voc([*detections, found()], objects, ['a', 'b'], score_thr=0.0)
    after = evaluate_voc([*detections, found(A)], objects, ['a', 'b'], score_thr=0.0)
    assert after.point.recall > before.point.recall


@pytest.mark.parametrize(
    ('kwargs', 'error', 'message'),
    [
        ({'detections': []}, DataError, '0 images with detections, 1 with truth'),
        ({'classes': []}, ConfigError, 'no classes'),
        ({'classes': ['a', 'a']}, ConfigError, 'listed 2 times'),
        ({'iou_thr': 1.0}, ConfigError, 'iou_thr'),
        ({'ap_mode': 'Area'}, ConfigError, "Did you mean 'area'"),
        ({'score_thr': float('nan')}, ConfigError, 'score_thr'),
        ({'score_thr': '0.5'}, ConfigError, 'score_thr'),
        ({'ground_truth': [truth(A, ignore=[1])]}, DataError, '1 are ignored as difficult'),
        ({'detections': [found(A, labels=[1])]}, DataError, 'image 0 has a detection with label 1'),
        (
            {'detections': [found(A, scores=[np.nan])], 'image_names': ['000017']},
            DataError,
            "image '000017' has a detection with score nan",
        ),
    ],
)
def test_impossible_inputs(kwargs, error, message) -> None:
    good = {'detections': [found(A)], 'ground_truth': [truth(A)], 'classes': ['cat']}
    with pytest.raises(error, match=message):
        evaluate_voc(**(good | kwargs))


def test_no_images() -> None:
    with pytest.raises(DataError, match='none of the 0 images'):
        evaluate_voc([], [], ['cat'])


def test_a_large_split_takes_seconds() -> None:
    rng = np.random.default_rng(0)

    def boxes(count: int) -> np.ndarray:
        corner = rng.uniform(0, 300, (count, 2))
        return np.hstack([corner, corner + rng.uniform(5, 100, (count, 2))])

    detections = [
        Detections(boxes(100), rng.random(100, np.float32), rng.integers(0, 20, 100))
        for _ in range(5000)
    ]
    objects = [
        GroundTruth(boxes(8), rng.integers(0, 20, 8), rng.random(8) < 0.1) for _ in range(5000)
    ]
    start = time.perf_counter()
    evaluate_voc(detections, objects, [str(label) for label in range(20)])
    assert time.perf_counter() - start < 6  # half a second alone on a core
