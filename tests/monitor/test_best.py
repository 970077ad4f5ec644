from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import ConfigError
from mmholdout.monitor.best import BestTracker

nan = math.nan


@pytest.mark.parametrize(
    ('scores', 'mode', 'better_at', 'best'),
    [
        ([0.1, 0.3, 0.2, 0.3, 0.4], 'max', [1, 2, 5], (0.4, 5, 50)),
        ([0.5, 0.5], 'max', [1], (0.5, 1, 10)),  # a tie keeps the earlier
        ([2.0, 2.5, 1.0], 'min', [1, 3], (1.0, 3, 30)),
        ([nan, 0.0, nan], 'max', [2], (0.0, 2, 20)),
        ([nan, math.inf], 'max', [], (None, None, None)),
        ([], 'max', [], (None, None, None)),
    ],
)
def test_table(scores, mode, better_at, best):
    tracker = BestTracker(mode)
    better = [i for i, score in enumerate(scores, 1) if tracker.observe(score, i, i * 10)]
    assert better == better_at
    assert (tracker.best, tracker.epoch, tracker.iteration) == best


def test_nan_is_said_once():
    tracker = BestTracker('max')
    tracker.observe(nan, 1, 10)
    assert tracker.notice == 'the value is nan, which is never best'
    tracker.observe(0.1, 2, 20)
    assert tracker.notice is None


def test_the_mode_may_be_set_later():
    tracker = BestTracker('max')
    tracker.mode = 'min'
    assert tracker.mode == 'min'
    found = [tracker.observe(score, i, i) for i, score in enumerate([1.0, 2.0, 0.5], 1)]
    assert found == [True, False, True]
    with pytest.raises(ConfigError):
        tracker.mode = 'auto'


@given(st.lists(st.floats(), max_size=15), st.integers(0, 15), st.sampled_from(['max', 'min']))
def test_resume(resumes, scores, at, mode):
    resumes(
        lambda: BestTracker(mode),
        scores,
        at,
        lambda tracker, i, score: tracker.observe(score, i + 1, 10 * i),
        lambda tracker: (tracker.best, tracker.epoch, tracker.iteration),
    )
