from __future__ import annotations

import math

import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.rate_part import RatePart

IPE = 4  # iterations of an epoch


def by_iteration(part, count):
    return [part.factor(i // IPE, i, IPE) for i in range(count)]


@pytest.mark.parametrize(
    ('words', 'expected'),
    [
        # a line of five positions: its end is the fifth
        (
            {'type': 'linear', 'end': 5, 'by_epoch': False, 'start_factor': 0.2},
            {0: 0.2, 1: 0.4, 4: 1.0, 9: 1.0},
        ),
        (
            {
                'type': 'linear',
                'end': 4,
                'full_at_end': True,
                'by_epoch': False,
                'start_factor': 0.2,
            },
            {0: 0.2, 1: 0.4, 4: 1.0},
        ),
        (
            {'type': 'constant', 'end': 3, 'by_epoch': False, 'factor': 0.5},
            {0: 0.5, 1: 0.5, 2: 1.0, 9: 1.0},
        ),
        (
            {'type': 'constant', 'begin': 2, 'end': 9, 'by_epoch': False, 'factor': 0.5},
            {1: 1.0, 2: 0.5, 7: 0.5, 8: 1.0},
        ),
        (
            {'type': 'exp', 'end': 3, 'by_epoch': False, 'start_factor': 0.01},
            {0: 0.01, 1: 0.1, 2: 1.0},
        ),
        ({'type': 'quadratic', 'end': 4, 'by_epoch': False}, {0: 1 / 16, 1: 0.25, 3: 1.0, 9: 1.0}),
        ({'type': 'quadratic', 'end': 1, 'smooth': True}, {0: 1 / 16, 3: 1.0}),
        ({'type': 'step', 'milestones': [1, 3]}, {3: 1.0, 4: 0.1, 11: 0.1, 12: 0.01}),
        ({'type': 'step', 'begin': 1, 'milestones': [1], 'gamma': 0.5}, {7: 1.0, 8: 0.5}),
        ({'type': 'step', 'end': 3, 'milestones': [1, 3]}, {4: 0.1, 12: 0.1}),
        ({'type': 'decay', 'gamma': 0.5}, {3: 1.0, 4: 0.5, 8: 0.25}),
        (
            {'type': 'cosine', 'end': 4, 'length': 4},
            {0: 1.0, 3: 1.0, 8: 0.5, 19: (1 - 0.5**0.5) / 2},
        ),
        (
            {'type': 'cosine', 'end': 2, 'length': 2, 'smooth': True, 'min_factor': 0.5},
            {
                0: 1.0,
                4: 0.75,
                7: 0.75 + math.cos(math.pi * 7 / 8) / 4,
                19: 0.75 + math.cos(math.pi * 7 / 8) / 4,
            },
        ),
        (
            {'type': 'poly', 'end': 5, 'by_epoch': False, 'power': 2.0, 'min_factor': 0.2},
            {0: 1.0, 2: 0.4, 4: 0.2, 9: 0.2},
        ),
    ],
)
def test_table(words, expected):
    found = by_iteration(RatePart(**words), 20)
    assert {i: found[i] for i in expected} == pytest.approx(expected)


@pytest.mark.parametrize(
    ('words', 'iterations'),
    [
        ({'type': 'linear', 'end': 5, 'by_epoch': False, 'start_factor': 0.1}, 4),
        ({'type': 'constant', 'end': 5, 'full_at_end': True, 'by_epoch': False, 'factor': 0.1}, 5),
        ({'type': 'quadratic', 'end': 2, 'smooth': True}, 2 * IPE - 1),
        ({'type': 'linear', 'end': 5, 'start_factor': 1.0, 'end_factor': 0.1}, 0),
        ({'type': 'linear', 'begin': 2, 'end': 5, 'start_factor': 0.1}, 0),
        ({'type': 'step', 'milestones': [3]}, 0),
    ],
)
def test_length_of_a_warm_up(words, iterations):
    part = RatePart(**words)
    assert part.warmup_length(IPE) == iterations
    assert not iterations or part.factor(iterations // IPE, iterations, IPE) == 1.0


@pytest.mark.parametrize(
    ('words', 'said'),
    [
        ({'type': 'cosin', 'end': 3}, "'cosine'?"),
        ({'type': 'cosine', 'end': 3}, 'length'),
        ({'type': 'cosine', 'length': 3}, 'end is missing'),
        ({'type': 'linear', 'end': 3, 'start_factor': 0}, 'start_factor'),
        ({'type': 'step', 'milestones': 3}, 'milestones must be a list'),
        ({'type': 'step', 'milestones': [3], 'gama': 1}, "'gamma'?"),
        ({'type': 'quadratic', 'begin': 3, 'end': 3}, 'end must be above begin'),
        ({'type': 'quadratic', 'end': 3, 'smooth': 1}, 'smooth must be True or False'),
    ],
)
def test_mistakes(words, said):
    with pytest.raises(ConfigError, match=r'schedule\.factors') as caught:
        RatePart(**words)
    assert said in str(caught.value)
