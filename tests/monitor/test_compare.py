from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.monitor.compare import as_mode, is_better


@pytest.mark.parametrize(
    ('value', 'best', 'mode', 'min_delta', 'expected'),
    [
        (0.5, None, 'max', 0.0, True),
        (0.0, None, 'max', 0.1, True),
        (-3.0, None, 'min', 0.1, True),
        (0.51, 0.50, 'max', 0.0, True),
        (0.50049, 0.50048, 'max', 0.0, True),  # nothing is rounded away
        (0.50, 0.50, 'max', 0.0, False),  # a tie
        (0.50, 0.50, 'min', 0.0, False),
        (0.49, 0.50, 'max', 0.0, False),
        (0.49, 0.50, 'min', 0.0, True),
        (0.75, 0.50, 'max', 0.25, False),  # exactly min_delta
        (0.76, 0.50, 'max', 0.25, True),
        (0.25, 0.50, 'min', 0.25, False),
        (0.24, 0.50, 'min', 0.25, True),
        (110.0, 100.0, 'max', 5.0, True),  # absolute, not relative
    ],
)
def test_table(value, best, mode, min_delta, expected):
    assert is_better(value, best, mode, min_delta) is expected


@pytest.mark.parametrize('mode', ['max', 'min'])
@pytest.mark.parametrize('best', [None, 0.5])
@pytest.mark.parametrize('value', [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_never_better(value, best, mode):
    assert is_better(value, best, mode) is False


finite = st.floats(-1e6, 1e6)


@given(finite, finite)
def test_the_modes_mirror_each_other(a, b):
    assert is_better(a, b, 'max') == is_better(-a, -b, 'min')
    assert not (is_better(a, b, 'max') and is_better(b, a, 'max'))


@pytest.mark.parametrize('mode', ['less', 'Max', None, 1])
def test_other_modes_are_refused(mode):
    with pytest.raises(ConfigError, match="mode must be 'max' or 'min', got"):
        as_mode(mode)
