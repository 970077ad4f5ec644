"""What validation costs, and the interval that would make it cheap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.report.cost import validation_cost

SECONDS = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ('train', 'val', 'interval', 'sentence'),
    [
        (76, 24, 1, 'validation 24 % of the time; interval=5 would be 6 %'),
        (80, 20, 1, 'validation 20 % of the time; interval=5 would be 5 %'),
        (85, 15, 1, 'validation 15 % of the time; interval=2 would be 8 %'),
        (85, 15, 3, 'validation 15 % of the time; interval=6 would be 8 %'),
        (50, 50, 500, 'validation 50 % of the time; interval=5000 would be 9 %'),
        (10, 90, 1, 'validation 90 % of the time; interval=10 would be 47 %'),
        (0, 10, 1, 'validation 100 % of the time; interval=10 would be 100 %'),
        (91, 9, 1, 'validation 9 % of the time'),
        (999, 1, 1, 'validation < 1 % of the time'),
        (10, 0, 1, 'validation 0 % of the time'),
        (0, 0, 1, 'validation 0 % of the time'),
    ],
)
def test_the_sentence(train, val, interval, sentence):
    assert validation_cost(train, val, interval).sentence() == sentence


@given(SECONDS, SECONDS, st.integers(1, 1000))
def test_a_suggestion_is_a_longer_interval_that_costs_less(train, val, interval):
    cost = validation_cost(train, val, interval)
    assert 0 <= cost.fraction <= 1
    if cost.suggested_interval is None:
        assert cost.fraction < 0.1
        return
    assert cost.fraction >= 0.1
    assert cost.suggested_interval in (2 * interval, 5 * interval, 10 * interval)
    assert cost.suggested_fraction <= cost.fraction


@given(st.floats(0.1, 1e5), st.floats(0.1, 1e5), st.integers(1, 50))
def test_the_suggested_share_is_what_such_a_run_would_measure(train, val, interval):
    cost = validation_cost(train, val, interval)
    if cost.suggested_interval is not None:
        times = cost.suggested_interval // interval
        longer = validation_cost(train * times, val, cost.suggested_interval)
        assert longer.fraction == pytest.approx(cost.suggested_fraction)


@pytest.mark.parametrize('times', [(-1, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_impossible_times_are_refused(times):
    with pytest.raises(ValueError, match='impossible'):
        validation_cost(*times)
