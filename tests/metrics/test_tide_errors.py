"""The type of single errors; whole sets beside a plain restatement are in test_tide.py."""

from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.match import FALSE, NEUTRAL, TRUE
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_arrays
from mmholdout.metrics.tide_errors import BKG, BOTH, CLS, DUPE, LOC, NO_ERROR, find_errors

CAT, DOG = 0, 1


def errors_of(dets, gts, scores=None, crowd=None):
    """Of (left, width, label), all 10 high at the top of one image; scores fall."""
    scene = scene_from_arrays(
        [0],
        2,
        det_images=[0] * len(dets),
        det_bboxes=[[left, 0, width, 10] for left, width, _ in dets],
        det_labels=np.array([label for _, _, label in dets], dtype=int),
        det_scores=np.arange(len(dets), 0, -1) if scores is None else scores,
        gt_images=[0] * len(gts),
        gt_bboxes=[[left, 0, width, 10] for left, width, _ in gts],
        gt_labels=np.array([label for _, _, label in gts], dtype=int),
        gt_crowd=crowd,
    )
    pairs = overlapping_pairs(scene, 0.1, across_classes=True)
    return find_errors(match_coco(scene), pairs, 0, 0.5, 0.1)


@pytest.mark.parametrize(
    ('det', 'gts', 'expected'),
    [
        ((0, 10, CAT), [(0, 10, CAT)], NO_ERROR),
        ((0, 10, CAT), [], BKG),
        ((0, 10, CAT), [(50, 10, CAT)], BKG),
        ((0, 10, CAT), [(0, 10, DOG)], CLS),
        ((0, 10, CAT), [(0, 5, DOG)], CLS),  # exactly 0.5
        ((0, 10, CAT), [(0, 4, CAT)], LOC),
        ((0, 10, CAT), [(0, 1, CAT)], LOC),  # exactly 0.1
        ((0, 10, CAT), [(0, 0.9, CAT)], BKG),
        ((0, 10, CAT), [(0, 4, DOG)], BOTH),
        ((0, 10, CAT), [(0, 1, DOG)], BKG),
        ((0, 10, CAT), [(0, 0.9, CAT), (0, 4, DOG)], BOTH),
        # two conditions: location goes before class
        ((0, 10, CAT), [(0, 4, CAT), (0, 10, DOG)], LOC),
    ],
)
def test_first_detection(det, gts, expected) -> None:
    assert errors_of([det], gts).error.tolist() == [expected]


@pytest.mark.parametrize(
    ('second', 'gts', 'expected'),
    [
        ((0, 10, CAT), [(0, 10, CAT)], DUPE),
        ((0, 10, CAT), [(0, 10, CAT), (0, 9, DOG)], CLS),  # class goes before duplicate
        ((0, 4, CAT), [(0, 10, CAT)], LOC),
        ((0, 5, CAT), [(0, 10, CAT)], LOC),  # exactly 0.5: location goes before duplicate
        ((0, 5.1, CAT), [(0, 10, CAT)], DUPE),
    ],
)
def test_after_one_that_found_the_object(second, gts, expected) -> None:
    errors = errors_of([(0, 10, CAT), second], gts)
    assert errors.verdict.tolist() == [TRUE, FALSE]
    assert errors.error.tolist() == [NO_ERROR, expected]


def test_what_is_ignored_is_no_error_and_explains_none() -> None:
    errors = errors_of([(0, 10, CAT), (0, 10, DOG)], [(0, 100, CAT)], crowd=[True])
    assert errors.verdict.tolist() == [NEUTRAL, FALSE]
    assert errors.error.tolist() == [NO_ERROR, BKG]
    assert errors.counted.tolist() == errors.missed.tolist() == errors.found.tolist() == [False]


def test_the_highest_score_repairs() -> None:
    dets = [(0, 4, CAT), (0, 10, DOG), (0, 3, CAT)]
    errors = errors_of(dets, [(0, 10, CAT)], scores=[0.5, 0.9, 0.5])
    assert errors.error.tolist() == [LOC, CLS, LOC]
    assert errors.target.tolist() == [0, 0, 0]
    assert errors.repairs.tolist() == [False, True, False]
    assert errors_of(dets, [(0, 10, CAT)], scores=[1, 1, 1]).repairs.tolist() == [
        True,
        False,
        False,
    ]


def test_nothing_repairs_what_is_found() -> None:
    errors = errors_of([(0, 10, CAT), (0, 4, CAT)], [(0, 10, CAT)])
    assert errors.target.tolist() == [-1, 0]
    assert errors.repairs.tolist() == [False, False]
    assert errors.found.tolist() == [True]


def test_missed_is_what_no_repair_could_find() -> None:
    gts = [(0, 10, CAT), (20, 10, CAT), (40, 10, CAT), (60, 10, CAT)]
    dets = [(0, 10, CAT), (20, 4, CAT), (40, 10, DOG), (60, 4, DOG)]
    errors = errors_of(dets, gts)
    assert errors.error.tolist() == [NO_ERROR, LOC, CLS, BOTH]
    assert errors.missed.tolist() == [False, False, False, True]


def test_of_equal_overlaps_the_first_object_is_meant() -> None:
    errors = errors_of([(0, 10, CAT)], [(0, 10, DOG), (0, 10, DOG), (0, 9, DOG)])
    assert errors.target.tolist() == [0]
    assert errors_of([(0, 10, CAT)], [(0, 9, DOG), (0, 10, DOG)]).target.tolist() == [1]


def test_nothing_at_all() -> None:
    errors = errors_of([], [])
    assert len(errors.error) == len(errors.missed) == 0
    assert errors_of([], [(0, 10, CAT)]).missed.tolist() == [True]
