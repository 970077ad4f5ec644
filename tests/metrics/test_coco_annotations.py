from __future__ import annotations

import math
from pathlib import Path

import pytest

from mmholdout.metrics.coco_annotations import read_annotations
from mmholdout.metrics.coco_defects import Defects

GOOD = {'id': 5, 'image_id': 30, 'category_id': 8, 'bbox': [1, 2, 3.5, 4], 'area': 9, 'iscrowd': 0}


def read(*entries):
    defects = Defects(Path('gt.json'))
    result = read_annotations(list(entries), {10: 0, 30: 1}, {2: 0, 8: 1}, defects)
    return result, defects.sentences()


def test_values():
    result, problems = read(GOOD, GOOD | {'id': 6, 'image_id': 10, 'category_id': 2, 'iscrowd': 1})
    assert not problems and len(result) == 2 and result.notes == ()
    assert result.images.tolist() == [1, 0] and result.labels.tolist() == [1, 0]
    assert result.bboxes.tolist() == [[1, 2, 3.5, 4]] * 2 and result.areas.tolist() == [9, 9]
    assert result.crowd.tolist() == [False, True] and not result.ignore.any()


def test_none_is_a_normal_case():
    result, problems = read()
    assert not problems and len(result) == 0 and result.bboxes.shape == (0, 4)


@pytest.mark.parametrize(
    ('change', 'sentence'),
    [
        ({'id': None}, 'has id None'),
        ({'id': 1.5}, 'has id 1.5'),
        ({'image_id': 99}, 'annotation 5 (image 99) has an image_id that is not in images'),
        ({'image_id': '30'}, "annotation 5 (image '30') has an image_id that is not in images"),
        ({'image_id': [30]}, 'has image_id [30]; a whole number'),
        ({'category_id': 3}, 'annotation 5 (image 30) has category_id 3, which is not in'),
        ({'category_id': True}, 'has category_id True, which is not in categories'),
        ({'bbox': [1, 2, -3, 4]}, 'annotation 5 (image 30) has bbox [1, 2, -3, 4]; a side is'),
        ({'bbox': [1, 2, 3]}, 'four numbers x, y, width, height are needed'),
        ({'bbox': [1, 2, math.nan, 3]}, 'must be finite'),
        ({'area': -1}, 'has area -1; a finite number from 0'),
        ({'area': math.nan}, 'has area nan'),
        ({'area': '9'}, "has area '9'"),
        ({'iscrowd': 2}, 'has iscrowd 2; 0 or 1'),
        ({'iscrowd': None}, 'has iscrowd None; 0 or 1'),
        ({'ignore': 'yes'}, "has ignore 'yes'; 0 or 1"),
    ],
)
def test_each_defect_names_the_annotation(change, sentence):
    _, problems = read(GOOD | change, GOOD | {'id': 6})
    assert len(problems) == 1 and sentence in problems[0]


def test_ids_are_given_once():
    _, problems = read(GOOD, GOOD, GOOD | {'id': 6})
    assert problems == [
        'gt.json: annotation 5 (image 30) has the id of another annotation; all need their own'
    ]


def test_all_kinds_at_once():
    wrong = GOOD | {'image_id': 99, 'category_id': 3, 'bbox': None, 'area': -1, 'iscrowd': 2}
    _, problems = read(wrong, 'no object', wrong | {'id': 6})
    assert len(problems) == 6
    assert sum(problem.endswith('(2 such)') for problem in problems) == 5
    assert "annotations[1] is 'no object'" in problems[-1]


def test_what_is_assumed_is_said():
    bare = {key: GOOD[key] for key in ('image_id', 'category_id', 'bbox')} | {'id': 0}
    result, problems = read(bare, GOOD | {'ignore': 1}, GOOD | {'id': 7, 'ignore': 1, 'iscrowd': 1})
    assert not problems and result.areas.tolist() == [14, 9, 9]
    assert result.ignore.tolist() == [False, True, True]
    assert result.crowd.tolist() == [False, False, True]
    area, zero, ignored = result.notes
    assert area.startswith('1 annotations have no area')
    assert 'id 0' in zero
    assert ignored.startswith('1 annotations are marked ignore and not iscrowd')
