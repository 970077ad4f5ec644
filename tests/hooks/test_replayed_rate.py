from types import SimpleNamespace

import pytest

from mmholdout.hooks import LearningRateHook, ReplayedRateHook


def run(hook, per_epoch, epochs, begin=0, max_epochs=5):
    """The rates of all iterations and what was said."""
    said, rates = [], []
    group = {'lr': 0.2}
    runner = SimpleNamespace(
        train_loop=SimpleNamespace(
            iter=begin, epoch=begin // per_epoch, iters_per_epoch=per_epoch, max_iters=None
        ),
        optim_wrapper=SimpleNamespace(param_groups=[group]),
        hooks=[hook],
        say=said.append,
    )
    runner.train_loop.max_iters = max_epochs * per_epoch
    hook.before_train(runner)
    before = group['lr']
    for i in range(begin, epochs * per_epoch):
        runner.train_loop.iter, runner.train_loop.epoch = i, i // per_epoch
        hook.before_train_iter(runner, i % per_epoch)
        rates.append(group['lr'])
    return rates, said, before


def replayed(**options):
    return ReplayedRateHook({'type': 'cosine'}, 5, 4, **options)


def test_the_beginning_of_a_longer_run():
    """Three epochs of a schedule for five are those of the run of five, not three of three."""
    whole, _, _ = run(LearningRateHook({'type': 'cosine'}), 4, 5)
    assert run(replayed(), 4, 3)[0] == whole[:12]


def test_cuts_come_by_epochs_and_are_said():
    plain, _, _ = run(replayed(), 6, 3)
    rates, said, _ = run(replayed(rate_cuts=[(1, 0.5), (2, 0.25)]), 6, 3)
    scales = [1] * 6 + [0.5] * 6 + [0.25] * 6
    assert rates == pytest.approx([rate * s for rate, s in zip(plain, scales)], rel=1e-12)
    assert [text.split(',')[0] for text in said] == [
        'after 1 epochs the rate is 0.5 of the schedule',
        'after 2 epochs the rate is 0.25 of the schedule',
    ]


def test_resumed_anywhere_it_is_the_same():
    cuts = {'rate_cuts': [(1, 0.5), (2, 0.25)]}
    whole, _, _ = run(replayed(**cuts), 6, 3)
    for begin in range(1, 18):
        rates, _, before = run(replayed(**cuts), 6, 3, begin=begin)
        assert rates == whole[begin:]
        assert before == whole[begin - 1]  # of the latest iteration: a pending row records it


def test_accumulation_grows_with_the_epoch():
    hook = replayed(batch_growths=[(2, 4)])
    assert hook.accumulation_scale == 1
    run(hook, 6, 2)
    assert hook.accumulation_scale == 1
    run(hook, 6, 3)
    assert hook.accumulation_scale == 4


def test_cuts_are_told():
    assert replayed(rate_cuts=[(1, 0.5), (2.5, 0.25)]).cuts == [1, 2.5]
