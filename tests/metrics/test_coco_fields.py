import math

import pytest

from mmholdout.metrics.coco_fields import (
    FINITE,
    FOUR,
    NEGATIVE,
    box_problem,
    id_problem,
    is_finite,
)


@pytest.mark.parametrize('value', [0, -1, 7, 2**63 - 1, 'a', '7', ''])
def test_ids(value):
    assert id_problem(value) == ''


@pytest.mark.parametrize('value', [None, True, 1.0, [], {}, 2**63, math.nan])
def test_no_ids(value):
    assert 'a whole number or a text is needed' in id_problem(value)


@pytest.mark.parametrize(
    ('bbox', 'problem'),
    [
        ([1, 2.5, 0, 3], ''),
        ([-5, -5, 1, 1], ''),
        ([1, 2, 3], FOUR),
        ([1, 2, 3, 4, 5], FOUR),
        (None, FOUR),
        ('1234', FOUR),
        ({'x': 1}, FOUR),
        ([1, 2, 3, '4'], FOUR),
        ([1, 2, 3, None], FOUR),
        ([1, 2, 3, True], FOUR),
        ([[1, 2, 3, 4]], FOUR),
        ([1, math.nan, 3, 4], FINITE),
        ([1, 2, math.inf, 4], FINITE),
        ([10**400, 2, 3, 4], FINITE),
        ([1, 2, -1e-9, 4], NEGATIVE),
        ([1, 2, 3, -4], NEGATIVE),
    ],
)
def test_boxes(bbox, problem):
    assert box_problem(bbox) == problem


@pytest.mark.parametrize(
    ('value', 'finite'),
    [
        (0, True),
        (-2.5, True),
        *((v, False) for v in (math.nan, math.inf, True, '1', None, 10**400)),
    ],
)
def test_finite(value, finite):
    assert is_finite(value) is finite
