from __future__ import annotations

import numpy as np
import pytest

from mmholdout.errors import ConfigError
from mmholdout.metrics.coco_options import COCO_AREAS, RECALL_POINTS, COCOOptions


def test_the_defaults_are_those_of_pycocotools() -> None:
    from pycocotools.cocoeval import Params

    official, options = Params(iouType='bbox'), COCOOptions()
    assert list(options.iou_thrs) == official.iouThrs.tolist()
    assert RECALL_POINTS.tolist() == official.recThrs.tolist()
    assert list(options.max_dets) == official.maxDets
    assert list(options.areas) == official.areaRngLbl
    assert np.array_equal(list(options.areas.values()), official.areaRng)


def test_areas_are_not_shared() -> None:
    COCOOptions().areas['tiny'] = (0, 1)
    assert 'tiny' not in COCO_AREAS
    assert 'tiny' not in COCOOptions().areas


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'iou_thrs': ()}, 'iou_thrs is'),
        ({'iou_thrs': (0.5, 0.5)}, 'iou_thrs is'),
        ({'iou_thrs': (0.0, 0.5)}, 'iou_thrs is'),
        ({'iou_thrs': (0.5, 1.5)}, 'iou_thrs is'),
        ({'iou_thrs': ('0.5',)}, 'iou_thrs is'),
        ({'areas': {}}, 'areas is empty'),
        ({'areas': {'odd': (5, 1)}}, "area 'odd' goes from 5 to 1"),
        ({'areas': {'odd': (float('nan'), 1)}}, "area 'odd'"),
        ({'max_dets': ()}, 'max_dets is'),
        ({'max_dets': (0, 1)}, 'max_dets is'),
        ({'max_dets': (100, 1)}, 'max_dets is'),
        ({'max_dets': (1.5,)}, 'max_dets is'),
        ({'iou_thrs': tuple(np.linspace(0.1, 0.9, 17).tolist())}, 'more than the 64'),
    ],
)
def test_impossible_choices(changes, message) -> None:
    with pytest.raises(ConfigError, match=message):
        COCOOptions(**changes)


def test_64_combinations_fit() -> None:
    COCOOptions(iou_thrs=tuple(np.linspace(0.1, 0.9, 16).tolist()))


def test_all_problems_at_once() -> None:
    with pytest.raises(ConfigError, match='2 problems'):
        COCOOptions(iou_thrs=(), max_dets=())
