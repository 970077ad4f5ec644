"""A rounded metric still says the truth: not perfect where it is not, not equal where it is not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.report.metric_text import loss_text, metric_text, noisy_text

METRICS = st.floats(0, 1)


@pytest.mark.parametrize(
    ('value', 'text'),
    [
        (0.75, '0.75'),
        (0.7512, '0.75'),
        (0.0, '0.00'),
        (1.0, '1.00'),
        (0.996, '0.996'),
        (0.9996, '0.9996'),
        (0.004, '0.004'),
        (0.00004, '0.00004'),
        (1e-12, '1.0e-12'),
        (0.9999999999999998, '0.9999999'),  # one ulp below
        (0.99999994, '0.9999999'),
        (1.0000000000000002, '1.0000001'),
        (0.99999996, '0.9999999'),
        (float('nan'), 'nan'),
    ],
)
def test_two_decimals_or_as_many_as_it_takes(value, text):
    assert metric_text(value) == text


def test_more_digits_on_request():
    assert metric_text(0.7512, digits=3) == '0.751'


def test_two_values_that_differ_are_told_apart():
    assert metric_text(0.7512, apart_from=0.7548) == '0.751'
    assert metric_text(0.7548, apart_from=0.7512) == '0.755'
    assert metric_text(0.75, apart_from=0.75) == '0.75'


@given(METRICS, METRICS, st.integers(2, 4))
def test_never_perfect_never_nothing_never_the_same(value, rival, digits):
    text = metric_text(value, rival, digits)
    shown = float(text)
    assert abs(shown - value) <= 0.5 * 10.0**-digits + 1e-12
    if value > 0:
        assert shown > 0
    if value < 1:
        assert shown < 1
    if abs(value - rival) > 1e-6:
        assert text != metric_text(rival, value, digits)


@pytest.mark.parametrize(
    ('value', 'text'),
    [
        (2.3149, '2.31'),
        (1234.567, '1234.57'),
        (0.98765, '0.988'),
        (0.00412, '0.00412'),
        (0.0, '0'),
        (-2.5, '-2.50'),
    ],
)
def test_losses_keep_three_digits_when_small(value, text):
    assert loss_text(value) == text


@pytest.mark.parametrize(
    ('value', 'half_width', 'text'),
    [
        (0.7134, 0.0121, '0.713 ± 0.012'),
        (0.7134, 0.0996, '0.71 ± 0.10'),
        (0.7134, 0.0994, '0.713 ± 0.099'),
        (0.7134, 0.25, '0.71 ± 0.25'),
        (0.71342, 0.00123, '0.7134 ± 0.0012'),
        (0.71, 0.0, '0.71 ± 0.00'),
        (0.71, 1e-12, '0.7100000 ± 0.0000000'),
    ],
)
def test_two_digits_of_the_noise(value, half_width, text):
    assert noisy_text(value, half_width) == text


@pytest.mark.parametrize('digits', [1, 2, 3, 7])
def test_no_digits_make_one_of_what_is_not(digits):
    assert float(metric_text(math.nextafter(1, 0), digits=digits)) < 1
    assert float(metric_text(1.0, digits=digits)) == 1
