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


def resumed(scripted, state, patience=1, **limits):
    """The stopped run once more, with another patience or another length."""
    hook = EarlyStoppingHook('mAP', patience=patience)
    hook.load_state_dict(state)
    run = scripted(hook)
    vars(run.train_loop).update(limits)
    return run, hook


def test_a_stopped_run_stays_stopped_and_says_why(scripted):
    run, _ = resumed(scripted, stopped_state(scripted))
    assert run.run([0.9]) == 0
    assert run.stop_reason == 'early_stop'
    assert 'has not improved on 0.5 (epoch 1)' in run.said[0]
    assert 'not trained on; raise patience or max_epochs' in run.said[1]


@pytest.mark.parametrize(
    ('changed', 'said'),
    [
        ({'patience': 2}, 'patience is 2 now, so it goes on'),
        ({'max_epochs': 101}, 'max_epochs was raised from 100 to 101, so it goes on'),
        ({'patience': 5, 'max_epochs': 120}, 'patience is 5 now and max_epochs was raised'),
    ],
)
def test_more_patience_or_more_epochs_let_it_go_on(scripted, changed, said):
    run, _ = resumed(scripted, stopped_state(scripted), **changed)
    assert run.run([0.9, 0.9]) == 2
    assert run.stop_reason is None
    assert 'the run had stopped early: val/mAP has not' in run.said[0] and said in run.said[0]


@pytest.mark.parametrize('changed', [{'patience': 0}, {'max_epochs': 99}])
def test_less_does_not(scripted, changed):
    run, _ = resumed(scripted, stopped_state(scripted), **changed)
    assert run.run([0.9]) == 0 and run.stop_reason == 'early_stop'


def test_its_count_goes_on(scripted):
    run, _ = resumed(scripted, stopped_state(scripted), max_epochs=200)
    assert run.run([0.4, 0.4]) == 1
    assert '3 validations' in run.said[-1] and run.stop_reason == 'early_stop'
    run, _ = resumed(scripted, stopped_state(scripted), patience=3)
    assert run.run([0.4, 0.4, 0.4]) == 2


def test_interrupted_before_its_next_validation_it_still_may_go_on(scripted):
    """The saved state still says stopped; the raised length must not count as the old one."""
    run, hook = resumed(scripted, stopped_state(scripted), max_epochs=200)
    run.call('before_train')
    again, _ = resumed(scripted, hook.state_dict(), max_epochs=200)
    assert again.run([0.9]) == 1


def test_stopped_again_the_present_length_counts(scripted):
    run, hook = resumed(scripted, stopped_state(scripted), max_epochs=200)
    run.run([0.4])
    again, _ = resumed(scripted, hook.state_dict(), max_epochs=200)
    assert again.run([0.9]) == 0


def test_a_length_in_iterations(scripted):
    hook = EarlyStoppingHook('mAP', patience=1)
    run = scripted(hook)
    run.train_loop.limit = 'max_iters'
    run.run([0.5, 0.4, 0.4])
    for max_iters, ended in ((1000, 0), (2000, 1)):
        run, _ = resumed(scripted, hook.state_dict(), limit='max_iters', max_iters=max_iters)
        assert run.run([0.9]) == ended


def test_unknown_monitor_names_the_near_one(scripted):
    with pytest.raises(ConfigError, match=r"'val/map'.*val/mAP.*Did you mean 'val/mAP'\?"):
        scripted(EarlyStoppingHook('val/map')).run([0.1])
