"""Rules of the matching on a few boxes; whole sets beside pycocotools are in test_coco.py."""

from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.pairs import overlapping_pairs
from mmholdout.metrics.scene_build import scene_from_arrays


def matched(dets, gts, scores=None, *, crowd=None, ignore=None, areas=None, thr=0, area=0):
    """Objects found by boxes given as (left, width), all 10 high at the top of one image."""
    scene = scene_from_arrays(
        [0],
        1,
        det_images=[0] * len(dets),
        det_bboxes=[[left, 0, width, 10] for left, width in dets],
        det_labels=[0] * len(dets),
        det_scores=np.arange(len(dets), 0, -1) if scores is None else scores,
        gt_images=[0] * len(gts),
        gt_bboxes=[[left, 0, width, 10] for left, width in gts],
        gt_labels=[0] * len(gts),
        gt_crowd=crowd,
        gt_ignore=ignore,
        gt_areas=areas,
    )
    return match_coco(scene).matched_gt(thr, area).tolist()


def test_the_best_overlap_wins() -> None:
    assert matched([(0, 10)], [(3, 10), (1, 10), (2, 10)]) == [1]


def test_who_finds_it_taken_takes_the_next_best() -> None:
    assert matched([(0, 10), (0, 10)], [(0, 10), (2, 10)]) == [0, 1]


def test_the_higher_score_comes_first() -> None:
    assert matched([(0, 10), (0, 10)], [(0, 10)], [0.1, 0.2]) == [-1, 0]


def test_of_equal_scores_the_first_comes_first() -> None:
    assert matched([(2, 10), (0, 10)], [(0, 10)], [0.5, 0.5]) == [0, -1]


def test_of_equal_overlaps_the_last_object_wins() -> None:
    assert matched([(5, 10), (5, 10)], [(4, 10), (6, 10)]) == [1, 0]


@pytest.mark.parametrize(('width', 'expected'), [(5, 0), (4.999, -1)])
def test_an_overlap_of_exactly_the_threshold_suffices(width, expected) -> None:
    assert matched([(0, 10)], [(0, width)]) == [expected]


def test_thresholds_are_apart() -> None:
    dets, gts = [(0, 6), (0, 10)], [(0, 10)]  # overlaps 0.6 and 1
    assert matched(dets, gts, thr=0) == matched(dets, gts, thr=2) == [0, -1]
    assert matched(dets, gts, thr=3) == matched(dets, gts, thr=9) == [-1, 0]


def test_an_object_that_counts_goes_before_an_ignored_one() -> None:
    assert matched([(0, 10)], [(0, 10), (2, 10)], ignore=[True, False]) == [1]
    assert matched([(0, 10)], [(0, 10), (6, 10)], ignore=[True, False]) == [0]


def test_an_ignored_object_is_used_up_but_no_crowd() -> None:
    dets, gts = [(0, 10), (0, 10), (0, 10)], [(0, 10)]
    assert matched(dets, gts, ignore=[True]) == [0, -1, -1]
    assert matched(dets, gts, crowd=[True]) == [0, 0, 0]


def test_what_lies_in_a_crowd_overlaps_it_fully() -> None:
    assert matched([(0, 1)], [(0, 100)], crowd=[True], thr=9) == [0]
    assert matched([(0, 1)], [(0, 100)]) == [-1]


def test_another_size_is_ignored_at_that_size_only() -> None:
    dets, gts = [(0, 10)], [(0, 10), (2, 10)]
    areas = [2000, 100]  # medium and small; all, small, medium, large
    assert [matched(dets, gts, areas=areas, area=area) for area in range(4)] == [[0], [1], [0], [0]]


def test_only_the_best_100_of_an_image_and_class_are_matched() -> None:
    dets = [(50, 10)] * 100 + [(0, 10)]
    assert max(matched(dets, [(0, 10)])) == -1
    assert matched(dets[1:], [(0, 10)])[-1] == 0


def test_known_pairs_may_hold_more_than_is_needed() -> None:
    rng = np.random.default_rng(0)
    scene = scene_from_arrays(
        np.arange(5),
        3,
        det_images=rng.integers(0, 5, 200),
        det_bboxes=rng.integers(1, 12, (200, 4)),
        det_labels=rng.integers(0, 3, 200),
        det_scores=rng.random(200),
        gt_images=rng.integers(0, 5, 40),
        gt_bboxes=rng.integers(1, 12, (40, 4)),
        gt_labels=rng.integers(0, 3, 40),
        gt_crowd=rng.random(40) < 0.2,
    )
    expected = match_coco(scene)
    assert len(expected.hits) > 10
    for pairs in (overlapping_pairs(scene, 0.1), overlapping_pairs(scene, 0.0, True)):
        got = match_coco(scene, pairs=pairs)
        assert got.bits.tolist() == expected.bits.tolist()
        assert got.hits.gt.tolist() == expected.hits.gt.tolist()


def test_own_thresholds() -> None:
    scene = scene_from_arrays(
        [0],
        1,
        det_images=[0],
        det_bboxes=[[0, 0, 3, 10]],
        det_labels=[0],
        det_scores=[1.0],
        gt_images=[0],
        gt_bboxes=[[0, 0, 10, 10]],
        gt_labels=[0],
    )
    matches = match_coco(scene, COCOOptions(iou_thrs=(0.2, 0.4), areas={'any': (0, 1e9)}))
    assert [matches.matched_gt(thr).tolist() for thr in (0, 1)] == [[0], [-1]]


def test_all_64_bits_are_used() -> None:
    thrs = tuple((np.arange(64) / 64 + 1 / 128).tolist())
    scene = scene_from_arrays(
        [0],
        1,
        det_images=[0, 0],
        det_bboxes=[[0, 0, 16, 10], [0, 0, 64, 10]],
        det_labels=[0, 0],
        det_scores=[1.0, 0.5],
        gt_images=[0],
        gt_bboxes=[[0, 0, 64, 10]],
        gt_labels=[0],
    )
    matches = match_coco(scene, COCOOptions(iou_thrs=thrs, areas={'any': (0, 1e9)}))
    assert [matches.matched_gt(thr).tolist() for thr in (15, 16, 63)] == [[0, -1], [-1, 0], [-1, 0]]
