from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco import evaluate_coco
from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_options import COCO_IOU_THRS, COCOOptions
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene_build import scene_from_images
from mmholdout.metrics.size_bins import size_areas, size_rows


def square(side: float, at: float = 0) -> list[float]:
    return [at, at, at + side, at + side]


@pytest.fixture
def scene():
    """Squares of 8, 16 and 64 pixels; the smallest is not found."""
    found = [Detections([square(16, 100), square(64, 200)], [0.9, 0.8], [0, 0])]
    truth = [GroundTruth([square(8), square(16, 100), square(64, 200)], [0] * 3, [False] * 3)]
    return scene_from_images(found, truth, 1)


def rows_of(scene, areas, iou_thrs=COCO_IOU_THRS):
    matches = match_coco(scene, COCOOptions(iou_thrs=iou_thrs, areas=areas))
    return {row.name: row for row in size_rows(accumulate(rank_matches(matches)))}


def test_own_sizes(scene) -> None:
    rows = rows_of(scene, size_areas([16, 64, 128]))
    assert list(rows) == ['all', '0-16', '16-64', '64-128', '128+']
    assert [row.gts for row in rows.values()] == [3, 1, 1, 1, 0]
    assert [row.ap for row in rows.values()] == pytest.approx([67 / 101, 0, 1, 1, None])
    assert [row.recall for row in rows.values()] == pytest.approx([2 / 3, 0, 1, 1, None])
    assert (rows['128+'].low, rows['128+'].high) == (128**2, np.inf)


def test_a_limit_belongs_to_the_larger_size_only() -> None:
    areas = size_areas([16, 64])
    for area in (0, 255.9, 256, 4096, 1e12):
        fits = [low <= area <= high for name, (low, high) in areas.items() if name != 'all']
        assert sum(fits) == 1
    assert areas['16-64'][0] == 256 > areas['0-16'][1]


def test_coco_sizes_are_those_of_the_twelve_numbers(scene) -> None:
    matches = match_coco(scene)
    rows = {row.name: row for row in size_rows(accumulate(rank_matches(matches)))}
    summary = evaluate_coco(scene, ['a'], matches).summary
    assert rows['all'].ap == summary['coco_AP']
    assert rows['small'].ap == summary['coco_AP_small']
    assert rows['medium'].recall == summary['coco_AR_medium']
    assert rows['large'].ap is rows['large'].recall is None
    assert rows['large'].gts == 0


@pytest.mark.parametrize('sides', [[], [0, 5], [-1], [5, 5], [9, 5], ['a'], [float('nan')]])
def test_impossible_sides(sides) -> None:
    with pytest.raises(ConfigError, match='sides is'):
        size_areas(sides)


def test_names_of_sides_that_are_no_whole_numbers() -> None:
    assert list(size_areas([1.5])) == ['all', '0-1.5', '1.5+']
