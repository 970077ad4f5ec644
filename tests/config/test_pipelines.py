from __future__ import annotations

import copy

import pytest

from mmholdout.config.pipelines import annotations_first

IMAGE, BOXES = {'type': 'LoadImageFromFile'}, {'type': 'LoadAnnotations', 'with_bbox': True}
RESIZE, FLIP, PACK = {'type': 'Resize', 'scale': 3}, {'type': 'RandomFlip'}, {'type': 'Pack'}
COLOUR = {'type': 'PhotoMetricDistortion'}


@pytest.mark.parametrize(
    ('given', 'needed', 'expected', 'word'),
    [
        ([IMAGE, BOXES, RESIZE, PACK], True, [IMAGE, BOXES, RESIZE, PACK], ''),
        ([IMAGE, RESIZE, BOXES, PACK], True, [IMAGE, BOXES, RESIZE, PACK], 'front of Resize'),
        ([IMAGE, RESIZE, BOXES, PACK], False, [IMAGE, BOXES, RESIZE, PACK], 'front of Resize'),
        ([IMAGE, COLOUR, BOXES, RESIZE], True, [IMAGE, COLOUR, BOXES, RESIZE], ''),
        ([IMAGE, COLOUR, FLIP, BOXES], True, [IMAGE, COLOUR, BOXES, FLIP], 'front of RandomFlip'),
        ([IMAGE, {'type': 'Mine'}, BOXES], True, [IMAGE, BOXES, {'type': 'Mine'}], 'of Mine'),
        ([IMAGE, RESIZE, PACK], True, [IMAGE, BOXES, RESIZE, PACK], 'is added'),
        ([IMAGE, RESIZE, PACK], False, [IMAGE, RESIZE, PACK], ''),
        ([], False, [], ''),
    ],
)
def test_order(given, needed, expected, word):
    before = copy.deepcopy(given)
    pipeline, done = annotations_first(given, needed=needed)
    assert pipeline == expected
    assert word in done
    assert bool(word) == bool(done)
    assert given == before


def test_a_scope_in_front_of_the_name_changes_nothing():
    steps = [IMAGE, {'type': 'mmdet.Resize'}, {'type': 'mmdet.LoadAnnotations'}]
    assert annotations_first(steps, needed=True)[0] == [steps[0], steps[2], steps[1]]


@pytest.mark.parametrize('value', [None, 3, {'a': 1}])
def test_what_is_no_pipeline_goes_through(value):
    assert annotations_first(value, needed=True) == (value, '')
