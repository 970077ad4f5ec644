from __future__ import annotations

import math

import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.arguments import number, whole


@pytest.mark.parametrize(('value', 'least'), [(0, 0), (1, 1), (10, 1)])
def test_whole_accepts(value, least):
    assert whole('patience', value, least) == value


@pytest.mark.parametrize('value', [-1, 2.0, '3', None, True, math.nan])
def test_whole_refuses(value):
    with pytest.raises(ConfigError, match='patience must be an integer >= 0, got'):
        whole('patience', value, 0)


@pytest.mark.parametrize(
    ('value', 'wanted', 'fits'),
    [
        (0, '[0, 1]', True),
        (1, '[0, 1]', True),
        (0, '(0, 1)', False),
        (1, '(0, 1)', False),
        (1, '(0, 1]', True),
        (0.5, '(0, 1)', True),
        (-0.1, '[0, 1]', False),
        (1.1, '[0, 1]', False),
        (True, '[0, 1]', False),
        ('0.5', '[0, 1]', False),
        (None, '[0, 1]', False),
        (math.nan, '[0, 1]', False),
    ],
)
def test_number(value, wanted, fits):
    if fits:
        assert number('factor', value, wanted, 0.0, 1.0) == value
    else:
        with pytest.raises(ConfigError) as caught:
            number('factor', value, wanted, 0.0, 1.0)
        assert str(caught.value) == f'factor must be a number in {wanted}, got {value!r}'


def test_infinity_is_no_number():
    with pytest.raises(ConfigError):
        number('min_delta', math.inf, '[0, inf)', 0.0)
