from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_arrays
from mmholdout.metrics.tide_errors import BKG, CLS, LOC, find_errors
from mmholdout.metrics.tide_repair import as_it_is, mean_ap, repaired, true_first, without_objects


@pytest.fixture
def case():
    """Objects A and B of class 0, C of class 1. In falling score: nothing, A as class 1, B badly
    located, nothing as class 1, C."""
    scene = scene_from_arrays(
        [0],
        3,
        det_images=[0] * 5,
        det_bboxes=[[70, 0, 9, 9], [0, 0, 10, 9], [20, 0, 4, 9], [90, 0, 9, 9], [40, 0, 10, 9]],
        det_labels=[0, 1, 0, 1, 1],
        det_scores=[0.9, 0.8, 0.7, 0.6, 0.5],
        gt_images=[0] * 3,
        gt_bboxes=[[0, 0, 10, 9], [20, 0, 10, 9], [40, 0, 10, 9]],
        gt_labels=[0, 0, 1],
    )
    pairs = overlapping_pairs(scene, 0.1, across_classes=True)
    return scene, find_errors(match_coco(scene), pairs, 0, 0.5, 0.1)


def ap_of(case, outcome, has=(True, True, False)):
    return mean_ap(outcome, case[0], np.array(has))


def test_nothing_repaired(case) -> None:
    plain = as_it_is(*case)
    assert plain.order.tolist() == [0, 2, 1, 3, 4]
    assert ap_of(case, plain) == pytest.approx((0 + 1 / 3) / 2)


def test_a_class_repaired_moves_the_detection(case) -> None:
    scene, errors = case
    better = repaired(as_it_is(scene, errors), errors, CLS, scene)
    assert better.order.tolist() == [0, 1, 2, 3, 4]
    assert better.labels.tolist() == [0, 0, 0, 1, 1]
    assert better.is_true.tolist() == [False, True, False, False, True]
    # class 0: 1 of 2 objects with a precision of 1/2; class 1: C after one wrong
    assert ap_of(case, better) == pytest.approx((0.5 * 51 / 101 + 1 / 2) / 2)


def test_a_location_repaired(case) -> None:
    scene, errors = case
    better = repaired(as_it_is(scene, errors), errors, LOC, scene)
    assert ap_of(case, better) == pytest.approx((0.5 * 51 / 101 + 1 / 3) / 2)


def test_what_cannot_become_right_is_dropped(case) -> None:
    scene, errors = case
    better = repaired(as_it_is(scene, errors), errors, BKG, scene)
    assert better.order.tolist() == [2, 1, 4]
    assert ap_of(case, better) == pytest.approx((0 + 1 / 2) / 2)


def test_true_first(case) -> None:
    plain = as_it_is(*case)
    first = true_first(plain)
    assert first.order.tolist() == [0, 2, 4, 1, 3]
    assert ap_of(case, first) == pytest.approx((0 + 1) / 2)


def test_objects_that_need_not_be_found(case) -> None:
    plain = as_it_is(*case)
    one = without_objects(plain, np.array([True, False, False]))
    assert one.counted.tolist() == [False, True, True]
    # without objects but with detections a class counts as 0
    none = without_objects(plain, np.array([True, True, False]))
    assert ap_of(case, none) == ap_of(case, plain)


def test_a_class_left_with_nothing_takes_no_part(case) -> None:
    scene, errors = case
    plain = as_it_is(scene, errors)
    assert ap_of(case, plain, (True, True, True)) == ap_of(case, plain)
    assert ap_of(case, plain, (False, True, True)) == pytest.approx(1 / 3)
    assert ap_of(case, plain, (False, False, True)) is None
