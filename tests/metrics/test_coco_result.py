from __future__ import annotations

import pytest

from mmholdout.metrics.coco_accumulate import accumulate
from mmholdout.metrics.coco_match import match_coco
from mmholdout.metrics.coco_ranking import rank_matches
from mmholdout.metrics.coco_result import COCOResult, class_rows, coco_class_key, summarize
from mmholdout.metrics.detections import Detections, GroundTruth
from mmholdout.metrics.scene_build import scene_from_images

MEDIUM = [0, 0, 40, 40]


@pytest.fixture
def accumulated():
    """One medium cat, found with an overlap of 0.7; no dog."""
    found = [Detections([[0, 0, 28, 40]], [0.5], [0])]
    truth = [GroundTruth([MEDIUM], [0], [False])]
    return accumulate(rank_matches(match_coco(scene_from_images(found, truth, 2))))


def test_what_is_not_defined_is_absent(accumulated) -> None:
    values = summarize(accumulated)
    assert values == pytest.approx(
        {
            'coco_AP': 0.5,
            'coco_AP50': 1.0,
            'coco_AP75': 0.0,
            'coco_AP_medium': 0.5,
            **dict.fromkeys(('coco_AR1', 'coco_AR10', 'coco_AR100', 'coco_AR_medium'), 0.5),
        }
    )


def test_rows_of_the_classes(accumulated) -> None:
    cat, dog = class_rows(accumulated, ['cat', 'dog'])
    assert (cat.name, cat.gts) == ('cat', 1)
    numbers = [cat.ap, cat.ap50, cat.ap75, cat.ap_medium, cat.ar100]
    assert numbers == pytest.approx([0.5, 1, 0, 0.5, 0.5])
    assert cat.ap_small is cat.ap_large is None
    assert (dog.name, dog.gts, dog.ap, dog.ar100) == ('dog', 0, None, None)


def test_keys(accumulated) -> None:
    result = COCOResult(1, summarize(accumulated), class_rows(accumulated, ['cat', 'dog']))
    assert result.to_dict()['coco_AP/cat'] == pytest.approx(0.5)
    assert coco_class_key('dog') not in result.to_dict()
    assert result.to_dict().items() >= result.summary.items()
