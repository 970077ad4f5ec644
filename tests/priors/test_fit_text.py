import numpy as np
import pytest

from mmholdout.priors.coverage import ClassFit
from mmholdout.priors.fit_text import (
    class_name,
    comparison_table,
    fit_table,
    fit_warnings,
    percent,
    pixels,
    size_range,
)

GOOD = ClassFit('RBC', 2381, 1.0, 0.714, (53.4, 67.8), (48.0, 68.0), 16.0, 0.9)
BAD = ClassFit('Platelets', 209, 0.031, 0.25, (20.2, 9.26), (48.0, 48.0), 16.0, 0.244)
NONE = ClassFit('none', 0)


def test_the_table():
    assert fit_table([GOOD, BAD, NONE]).splitlines() == [
        'class      fitted  boxes  mean best IoU  median size',
        'RBC         100 %   2381           0.71   53 x 68 px',
        'Platelets     3 %    209           0.25  20 x 9.3 px',
        'none            -      0              -            -',
    ]


def test_one_warning_for_each_class_that_is_not_fitted():
    (said,) = fit_warnings([GOOD, BAD, NONE], 'IoU >= 0.5')
    for part in (
        'Platelets: 3 % of 209 boxes have a prior of IoU >= 0.5',
        'median object 20 x 9.3 px',
        'most similar prior 48 x 48 px at stride 16 (IoU 0.24 on one centre)',
        'tools/prepare_data.py priors CONFIG',
    ):
        assert part in said


def test_before_and_after():
    text = comparison_table([BAD, NONE], [GOOD, NONE])
    row = ' '.join(text.splitlines()[1].split())
    assert row == 'Platelets 209 20 x 9.3 px 3 % -> 100 % 0.25 -> 0.71'
    assert len(text.splitlines()) == 3


@pytest.mark.parametrize(
    ('share', 'text'),
    [
        (None, '-'),
        (0.0, '0 %'),
        (0.001, '< 1 %'),
        (0.634, '63 %'),
        (0.7999, '79.9 %'),
        (0.8, '80 %'),
        (0.9999, '99.9 %'),
        (1.0, '100 %'),
    ],
)
def test_percent_never_flatters(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ('size', 'text'), [(None, '-'), ((9.96, 10.4), '10.0 x 10 px'), ((3.25, 100.5), '3.2 x 100 px')]
)
def test_pixels(size, text):
    assert pixels(size) == text


def test_size_range():
    assert size_range(np.array([[320, 320], [320, 320]])) == '320 x 320 px'
    assert size_range(np.array([[1333, 800], [800, 800]])) == '800-1333 x 800 px'
    assert size_range(np.zeros((0, 2), dtype=np.int64)) == 'no image'


def test_a_class_name_cannot_break_the_line():
    assert class_name(ClassFit('a\n\x1b[31mb', 0)) == 'a??[31mb'
    assert len(class_name(ClassFit('x' * 200, 0))) == 40
