import math

import pytest

from mmholdout.errors import ConfigError
from mmholdout.hooks import EarlyStoppingHook

NEVER = None


@pytest.mark.parametrize(
    ('values', 'options', 'stop'),
    [
        ([0.1 + 0.005 * i for i in range(20)], {'patience': 2}, NEVER),
        ([0.5] * 9, {'patience': 2}, 4),
        ([0.5] * 9, {'patience': 0}, 2),
        ([0.0] * 9, {'patience': 2}, 4),
        ([0.5, 0.6, 0.5, 0.6, 0.6, 0.6], {'patience': 2}, 5),
        ([0.5, math.nan, 0.4, 0.3], {'patience': 2}, 4),
        ([math.nan] * 5, {'patience': 2}, 3),
        ([0.5] * 9, {'patience': 2, 'begin': 3}, 6),
        ([0.5, 0.55, 0.56, 0.57], {'patience': 1, 'min_delta': 0.1}, 3),
    ],
)
def test_stops(scripted, values, options, stop):
    run = scripted(EarlyStoppingHook('mAP', **options))
    ended = run.run(values)
    assert run.train_loop.stop_training == (stop is not NEVER)
    assert ended == (len(values) if stop is NEVER else stop)
    assert run.stop_reason == (None if stop is NEVER else 'early_stop')


def test_sentence_names_both_units(scripted):
    run = scripted(EarlyStoppingHook('mAP', patience=1), interval=3)
    assert run.run([0.5, 0.5, 0.5, 0.5]) == 9
    assert '2 validations = 6 epochs' in run.said[-1]


def stopped_state(scripted):
    hook = EarlyStoppingHook('mAP', patience=1)
    scripted(hook).run([0.5, 0.4, 0.4])
    return hook.state_dict()


def test_a_stopped_run_stays_stopped(scripted):
    hook = EarlyStoppingHook('mAP', patience=1)
    hook.load_state_dict(stopped_state(scripted))
    run = scripted(hook)
    assert run.run([0.9]) == 0
    assert run.stop_reason == 'early_stop'


def test_raised_patience_lets_it_go_on(scripted):
    hook = EarlyStoppingHook('mAP', patience=2)
    hook.load_state_dict(stopped_state(scripted))
    run = scripted(hook)
    assert run.run([0.9, 0.9]) == 2
    assert run.stop_reason is None


def test_unknown_monitor_names_the_near_one(scripted):
    with pytest.raises(ConfigError, match=r"'val/map'.*val/mAP.*Did you mean 'val/mAP'\?"):
        scripted(EarlyStoppingHook('val/map')).run([0.1])
