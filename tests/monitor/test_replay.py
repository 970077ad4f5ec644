import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.monitor.best import BestTracker
from mmholdout.monitor.early_stop import EarlyStopDecision
from mmholdout.monitor.gate import CountingGate
from mmholdout.monitor.plateau import PlateauDecision
from mmholdout.monitor.replay import Watcher, replay


def rows(values, key='val/mAP'):
    """One validation an epoch of ten iterations; None is an epoch without one."""
    return [
        {'epoch': e, 'iter': 10 * e, 'train/loss': 1.0} | ({} if v is None else {key: v})
        for e, v in enumerate(values, 1)
    ]


def plateau(patience, begin=1, warmup=0, key='val/mAP', mode='max'):
    return Watcher(key, CountingGate(begin, warmup), PlateauDecision(mode, 0.1, patience))


def stop(patience, begin=1):
    return Watcher('val/mAP', CountingGate(begin, 0), EarlyStopDecision('max', patience))


def test_a_run_worked_out_by_hand():
    """Best at 2; patience 1 cuts after 4 and 6; patience 3 stops after 6."""
    values = [0.3, 0.5, 0.4, 0.5, 0.1, 0.2]
    found = replay(rows(values), 'val/mAP', 'max', [plateau(1)], [stop(3)])
    assert found.best == (0.5, 2, 20)
    assert found.cuts == [4, 6]
    assert found.stop_epoch == 6
    assert found.stop_sentence == (
        'val/mAP has not improved on 0.5 (epoch 2) for 4 validations = 4 epochs (patience 3)'
    )


def test_epochs_without_a_validation_do_not_count():
    values = [0.5, None, 0.4, None, 0.4, None]
    found = replay(rows(values), 'val/mAP', 'max', [plateau(1)], [stop(9)])
    assert (found.best, found.cuts, found.stop_epoch) == ((0.5, 1, 10), [5], None)


def test_an_absent_value_was_not_finite():
    history = rows([0.5, 0.5, 0.5])
    history[1] = {'epoch': 2, 'iter': 20, 'val/loss': 1.0}
    assert replay(history, 'val/mAP', 'max', [plateau(1)]).cuts == [3]


@pytest.mark.parametrize(('begin', 'warmup', 'cuts'), [(1, 0, [2]), (3, 0, [4]), (1, 30, [4])])
def test_the_gate(begin, warmup, cuts):
    found = replay(rows([0.5] * 4), 'val/mAP', 'max', [plateau(0, begin, warmup)])
    assert found.cuts[:1] == cuts


def test_a_closed_gate_holds_back_its_own_hook_only():
    found = replay(rows([0.5] * 4), 'val/mAP', 'max', stops=[stop(0, begin=4), stop(1)])
    assert found.stop_epoch == 3


def test_a_loss_improves_downwards():
    history = rows([2.0, 3.0, 1.0], 'val/loss')
    assert replay(history, 'val/loss', 'min').best == (1.0, 3, 30)


def test_two_hooks_cut_in_the_order_of_epochs():
    history = [dict(row, **{'val/loss': 5.0}) for row in rows([0.5, 0.6, 0.6, 0.6])]
    watchers = [plateau(1), plateau(0, key='val/loss', mode='min')]
    assert replay(history, 'val/mAP', 'max', watchers).cuts == [2, 3, 4, 4]


@pytest.mark.parametrize('history', [[], [{'epoch': 1, 'iter': 10, 'train/loss': 1.0}]])
def test_nothing_was_validated(history):
    found = replay(history, 'val/mAP', 'max', [plateau(0)], [stop(0)])
    assert (found.best, found.cuts, found.stop_epoch) == (None, [], None)


@given(st.lists(st.floats(0, 1) | st.just(math.nan), min_size=1, max_size=30))
def test_the_best_is_that_of_the_tracker(values):
    tracker = BestTracker('max')
    for epoch, value in enumerate(values, 1):
        tracker.observe(value, epoch, 10 * epoch)
    found = replay(rows(values), 'val/mAP', 'max')
    expected = None if tracker.best is None else (tracker.best, tracker.epoch, tracker.iteration)
    assert found.best == expected
