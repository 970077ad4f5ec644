import math

import pytest

from mmholdout.errors import ConfigError
from mmholdout.hooks import ReduceLROnPlateauHook

RISING = [0.1 * i for i in range(1, 9)]


@pytest.mark.parametrize(
    ('values', 'options', 'cuts'),
    [
        (RISING, {'patience': 0}, []),
        ([0.5] * 6, {'patience': 3}, [5]),  # the first is the best, three are tolerated
        ([0.5] * 6, {'patience': 0}, [2, 3, 4, 5, 6]),
        ([0.5] * 6, {'patience': 0, 'begin': 4}, [5, 6]),
        ([0.5] * 9, {'patience': 1, 'cooldown': 2}, [3, 7]),
        ([0.5, math.nan, 0.5, 0.6], {'patience': 1}, [3]),
        ([0.5, 0.5005, 0.501, 0.5015], {'patience': 1, 'min_delta': 1e-2}, [3]),
    ],
)
def test_cuts(scripted, values, options, cuts):
    hook = ReduceLROnPlateauHook('mAP', factor=0.5, **options)
    scripted(hook).run(values)
    assert hook.cuts == cuts
    assert hook.lr_scale == pytest.approx(0.5 ** len(cuts))


def test_lower_is_better_for_a_loss(scripted):
    hook = ReduceLROnPlateauHook('loss', patience=0)
    scripted(hook).run([3.0, 2.0, 1.0], key='val/loss')
    assert hook.cuts == []


def test_warm_up_is_not_counted(scripted):
    hook = ReduceLROnPlateauHook('mAP', patience=0)
    scripted(hook, warmup_iters=40).run([0.5] * 5)
    assert hook.cuts == [5]


def test_message_says_validations_and_epochs(scripted):
    run = scripted(ReduceLROnPlateauHook('mAP', patience=1), interval=3)
    run.run([0.5, 0.4, 0.4])
    assert any('2 validations = 6 epochs' in text and 'patience 1' in text for text in run.said)


def test_nan_is_said_aloud(scripted):
    run = scripted(ReduceLROnPlateauHook('mAP'))
    run.run([0.5, math.nan])
    assert any('nan' in text for text in run.said)


def test_state_is_counters_only(scripted):
    first = ReduceLROnPlateauHook('mAP', factor=0.5, patience=2)
    scripted(first).run([0.5, 0.4, 0.4])
    second = ReduceLROnPlateauHook('mAP', factor=0.5, patience=2)
    second.load_state_dict(first.state_dict())
    run = scripted(second)
    run.train_loop.epoch = 3
    run.run([0.4])
    assert second.cuts == [4]
    assert not {'patience', 'factor', 'monitor'} & set(first.state_dict())


@pytest.mark.parametrize('mode', ['min', 'most'])
def test_contradicting_mode(scripted, mode):
    with pytest.raises(ConfigError, match='mode'):
        scripted(ReduceLROnPlateauHook('mAP', mode=mode)).run([0.1])
