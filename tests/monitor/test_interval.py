from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.monitor.interval import ValidationInterval


def epochs(interval, begin, max_epochs):
    due = ValidationInterval(interval, begin=begin)
    return [e for e in range(1, max_epochs + 1) if due.due_after_epoch(e, e == max_epochs)]


def iterations(interval, begin, max_iters, iters_per_epoch):
    due = ValidationInterval(interval, by_epoch=False, begin=begin)
    return [
        i
        for i in range(1, max_iters + 1)
        if due.due_after_iter(i, (i - 1) // iters_per_epoch + 1, i == max_iters)
    ]


@pytest.mark.parametrize(
    ('interval', 'begin', 'max_epochs', 'expected'),
    [
        (1, 1, 4, [1, 2, 3, 4]),
        (2, 1, 5, [2, 4, 5]),
        (3, 1, 6, [3, 6]),
        (10, 1, 4, [4]),
        (1, 3, 5, [3, 4, 5]),
        (2, 3, 8, [4, 6, 8]),
        (1, 9, 3, [3]),  # the last always
    ],
)
def test_by_epoch(interval, begin, max_epochs, expected):
    assert epochs(interval, begin, max_epochs) == expected


def test_every_epoch_where_nothing_is_said():
    due = ValidationInterval()
    assert [due.due_after_epoch(epoch, is_last=False) for epoch in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize(
    ('interval', 'begin', 'max_iters', 'iters_per_epoch', 'expected'),
    [
        (5, 1, 12, 4, [5, 10, 12]),
        (4, 2, 12, 4, [8, 12]),
        (5, 3, 14, 4, [10, 14]),
        (100, 1, 7, 4, [7]),
    ],
)
def test_by_iteration(interval, begin, max_iters, iters_per_epoch, expected):
    assert iterations(interval, begin, max_iters, iters_per_epoch) == expected


@given(st.integers(1, 9), st.booleans(), st.integers(1, 9), st.integers(1, 50))
def test_exactly_one_method_answers_at_the_end_and_the_other_never(interval, by_epoch, begin, at):
    due = ValidationInterval(interval, by_epoch=by_epoch, begin=begin)
    assert due.due_after_epoch(at, is_last=True) is by_epoch
    assert due.due_after_iter(at, at, is_last=True) is not by_epoch
    silent = due.due_after_iter(at, at, False) if by_epoch else due.due_after_epoch(at, False)
    assert not silent


@pytest.mark.parametrize('interval', [0, -1, 1.0, '1', None, True])
def test_an_interval_is_a_positive_integer(interval):
    with pytest.raises(ConfigError, match='interval must be an integer >= 1, got'):
        ValidationInterval(interval)


def test_begin_is_a_positive_integer():
    with pytest.raises(ConfigError, match='begin'):
        ValidationInterval(1, begin=0)
