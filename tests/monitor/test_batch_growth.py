from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.monitor.batch_growth import BatchGrowthDecision
from mmholdout.monitor.plateau import PlateauDecision


@pytest.mark.parametrize(
    ('options', 'grown'),
    [
        ({}, [None] * 4 + [2, None, None]),  # three without improvement are tolerated
        ({'patience': 0}, [None, 2, 4, 8, 16, None, None]),
        ({'patience': 1}, [None, None, 2, None, 4, None, 8]),
        ({'patience': 0, 'cooldown': 1}, [None, 2, None, 4, None, 8, None]),
        ({'patience': 0, 'factor': 3, 'max_accumulation': 10}, [None, 3, 9, 10, None, None, None]),
        ({'patience': 0, 'max_accumulation': 1}, [None] * 7),
    ],
)
def test_growth_on_a_constant_metric(options, grown):
    decision = BatchGrowthDecision('max', **options)
    assert [decision.observe(0.5) for _ in range(7)] == grown


def test_nothing_grows_while_the_loss_falls():
    decision = BatchGrowthDecision('min', patience=0)
    assert [decision.observe(1 / i) for i in range(1, 9)] == [None] * 8
    assert decision.accumulation == 1


def test_a_smaller_limit_holds_on_resume():
    before = BatchGrowthDecision('max', patience=0)
    for _ in range(4):
        before.observe(0.5)
    after = BatchGrowthDecision('max', patience=0, max_accumulation=4)
    after.load_state_dict(before.state_dict())
    assert (before.accumulation, after.accumulation) == (8, 4)
    assert set(before.state_dict()) == {'best', 'num_bad', 'cooldown_left', 'accumulation'}


scores = st.lists(st.integers(0, 5).map(float) | st.just(math.nan), max_size=40)


@given(scores, st.integers(0, 3), st.integers(0, 3))
def test_it_grows_where_the_plateau_would_cut(scores, patience, cooldown):
    limit = 2**41
    grow = BatchGrowthDecision('max', 2, patience, cooldown=cooldown, max_accumulation=limit)
    cut = PlateauDecision('max', 0.5, patience, cooldown=cooldown)
    for score in scores:
        assert (grow.observe(score) is None) == (cut.observe(score) is None)
    assert grow.accumulation == 1 / cut.scale


@given(scores, st.integers(0, 40), st.integers(0, 3), st.integers(0, 2))
def test_resume(resumes, scores, at, patience, cooldown):
    resumes(
        lambda: BatchGrowthDecision('max', 3, patience, cooldown=cooldown, max_accumulation=20),
        scores,
        at,
        lambda decision, _, score: decision.observe(score),
        lambda decision: (decision.accumulation, decision.best, decision.num_bad),
    )


@pytest.mark.parametrize('options', [{'factor': 1}, {'factor': 1.5}, {'max_accumulation': 0}])
def test_impossible_options(options):
    with pytest.raises(ConfigError, match=next(iter(options))):
        BatchGrowthDecision('max', **options)
