from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCOOptions
from mmholdout.metrics.match import FALSE, NEUTRAL, TRUE
from mmholdout.metrics.scene_build import scene_from_arrays

SIZES = {'all': (0, 1e10), 'small': (0, 50), 'large': (50, 1e10)}


@pytest.fixture
def matches():
    """One small object, found at 0.5 but not at 0.75; a large wrong box; a found crowd."""
    scene = scene_from_arrays(
        [0],
        1,
        det_images=[0, 0, 0],
        det_bboxes=[[0, 0, 6, 5], [50, 50, 10, 10], [30, 30, 2, 2]],
        det_labels=[0, 0, 0],
        det_scores=[0.9, 0.8, 0.7],
        gt_images=[0, 0],
        gt_bboxes=[[0, 0, 10, 5], [20, 20, 20, 20]],
        gt_labels=[0, 0],
        gt_crowd=[False, True],
    )
    return match_coco(scene, COCOOptions(iou_thrs=(0.5, 0.75), areas=SIZES, max_dets=(1, 3)))


def test_areas_by_name(matches) -> None:
    assert [matches.area_index(name) for name in SIZES] == [0, 1, 2]
    with pytest.raises(ValueError, match='tiny'):
        matches.area_index('tiny')


def test_both_limits_of_a_size_belong_to_it(matches) -> None:
    assert matches.gt_ignore.tolist() == [[False, True]] * 3  # 50 is small and large


def test_matched_objects(matches) -> None:
    assert matches.matched_gt(0).tolist() == [0, -1, 1]
    assert matches.matched_gt(1).tolist() == [-1, -1, 1]


def test_one_bit_per_threshold_and_size(matches) -> None:
    assert matches.bits.tolist() == [0b010101, 0b111111]
    assert matches.hit_at(1, 2).tolist() == [False, True]


def test_size_of_detections(matches) -> None:
    assert [matches.in_area(area).tolist() for area in range(3)] == [
        [True, True, True],
        [True, False, True],
        [False, True, False],
    ]


@pytest.mark.parametrize(
    ('thr', 'area', 'expected'),
    [
        (0, 0, [TRUE, FALSE, NEUTRAL]),
        (1, 0, [FALSE, FALSE, NEUTRAL]),
        (0, 1, [TRUE, NEUTRAL, NEUTRAL]),
        (0, 2, [TRUE, FALSE, NEUTRAL]),  # it found a large object and counts, small as it is
        (1, 2, [NEUTRAL, FALSE, NEUTRAL]),
    ],
)
def test_verdicts(matches, thr, area, expected) -> None:
    assert matches.verdict(thr, area).tolist() == expected


def test_beyond_the_limit_of_detections_is_neutral() -> None:
    scene = scene_from_arrays(
        [0],
        1,
        det_images=[0, 0],
        det_bboxes=[[0, 0, 5, 5]] * 2,
        det_labels=[0, 0],
        det_scores=[0.1, 0.9],
        gt_images=[],
        gt_bboxes=[],
        gt_labels=[],
    )
    matches = match_coco(scene, COCOOptions(max_dets=(1,)))
    assert matches.verdict(0).tolist() == [NEUTRAL, FALSE]
    assert np.array_equal(matches.matched_gt(0), [-1, -1])
