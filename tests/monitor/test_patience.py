from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.monitor.patience import BadCount

nan, inf = math.nan, math.inf


@pytest.mark.parametrize(
    ('scores', 'mode', 'patience', 'min_delta', 'acts_at'),
    [
        # patience 3 tolerates three validations without improvement and acts at the fourth
        ([0.5, 0.4, 0.4, 0.4, 0.4], 'max', 3, 0.0, 5),
        ([0.5, 0.4, 0.4, 0.4], 'max', 3, 0.0, None),
        ([0.5, 0.4], 'max', 0, 0.0, 2),
        ([0.5, 0.6, 0.7], 'max', 0, 0.0, None),
        # ties are no improvement, at 0.0 either
        ([0.5, 0.5, 0.5, 0.5], 'max', 2, 0.0, 4),
        ([0.0, 0.0, 0.0, 0.0], 'max', 2, 0.0, 4),
        # an improvement at the last moment starts the count anew
        ([0.5, 0.4, 0.4, 0.6, 0.5, 0.5, 0.5], 'max', 2, 0.0, 7),
        # steady growth below min_delta adds up: compared with the best, not the last
        ([0.10, 0.15, 0.19, 0.25, 0.29, 0.36], 'max', 2, 0.1, None),
        ([0.500, 0.505, 0.510, 0.515], 'max', 2, 0.0, None),
        ([0.500, 0.505, 0.510, 0.515], 'max', 2, 0.05, 4),
        # less is better
        ([2.0, 1.9, 1.95, 1.95, 1.95], 'min', 2, 0.0, 5),
        ([2.0, 1.9, 1.8], 'min', 0, 0.0, None),
        # NaN counts as bad and takes no part in comparisons
        ([0.5, nan, 0.4, nan], 'max', 2, 0.0, 4),
        ([0.5, nan, nan, 0.6], 'max', 2, 0.0, None),
        ([nan, nan, nan], 'max', 2, 0.0, 3),
        ([0.5, inf, 0.6], 'max', 1, 0.0, None),
        ([2.0, -inf, 1.9], 'min', 1, 0.0, None),
    ],
)
def test_table(scores, mode, patience, min_delta, acts_at):
    count = BadCount(mode, patience, min_delta)
    acts = [i for i, score in enumerate(scores, 1) if count.observe(score)]
    assert acts[:1] == ([] if acts_at is None else [acts_at])


def test_nan_keeps_the_best_and_is_said():
    count = BadCount('max', 5)
    for score in (0.5, nan, 0.4, 0.3):
        count.observe(score)
        said = count.notice
        assert (said is not None) == math.isnan(score)
        if said:
            assert said == 'the value is nan, which counts as no improvement; best stays 0.5'
    assert (count.best, count.num_bad) == (0.5, 3)


def test_nan_before_any_best_is_said():
    count = BadCount('max', 5)
    count.observe(nan)
    assert 'there is no best yet' in count.notice
    assert count.best is None


def test_reset():
    count = BadCount('max', 0)
    count.observe(0.9)
    count.observe(0.1)
    count.reset()
    assert (count.best, count.num_bad) == (None, 0)


def test_a_changed_patience_takes_effect_on_resume():
    before = BadCount('max', 5)
    for score in (0.5, 0.4, 0.4):
        before.observe(score)
    after = BadCount('max', 2)
    after.load_state_dict(before.state_dict())
    assert after.observe(0.4)


@pytest.mark.parametrize(
    'options',
    [
        {'mode': 'up', 'patience': 1},
        {'mode': 'max', 'patience': -1},
        {'mode': 'max', 'patience': 1.5},
        {'mode': 'max', 'patience': 1, 'min_delta': -0.1},
        {'mode': 'max', 'patience': 1, 'min_delta': nan},
    ],
)
def test_impossible_options(options):
    with pytest.raises(ConfigError):
        BadCount(**options)


@given(
    st.lists(st.floats(), max_size=12),
    st.integers(0, 12),
    st.sampled_from(['max', 'min']),
    st.integers(0, 3),
)
def test_resume(resumes, values, at, mode, patience):
    resumes(
        lambda: BadCount(mode, patience),
        values,
        at,
        lambda count, _, value: count.observe(value),
        lambda count: (count.best, count.num_bad),
    )


def test_a_better_value_that_is_not_believed_is_a_bad_one():
    count = BadCount('max', 5, min_delta=0.1)
    count.observe(0.5)
    assert count.would_improve(0.7) and not count.would_improve(0.55)
    count.observe(0.7, is_sure=False)
    assert (count.best, count.num_bad) == (0.5, 1)
