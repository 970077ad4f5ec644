import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.batch_growth import BatchGrowthDecision
from mmholdout.monitor.gate import CountingGate
from mmholdout.monitor.plateau import PlateauDecision
from mmholdout.monitor.rate import RateSchedule
from mmholdout.monitor.rate_product import schedule_of
from mmholdout.monitor.replay import Watcher
from mmholdout.monitor.replayed_schedule import ReplayedSchedule, growth_changes, rate_changes

SCHEDULES = [
    {'type': 'constant', 'warmup': {'iters': 6, 'start_factor': 0.1}},
    {'type': 'cosine', 'min_factor': 0.02},
    {'type': 'cosine', 'by_epoch': False, 'warmup': {'iters': 7}},
    {'type': 'poly', 'by_epoch': False},
    {'type': 'step', 'milestones': [2, 3]},
    {'type': 'step', 'by_epoch': False, 'milestones': [6, 9]},
    {
        'type': 'product',
        'factors': [
            {'type': 'linear', 'start_factor': 0.1, 'end': 6, 'by_epoch': False},
            {'type': 'cosine', 'length': 5, 'end': 5, 'smooth': True},
            {'type': 'step', 'milestones': [3]},
        ],
    },
]


def of(schedule, **options):
    return ReplayedSchedule(schedule_of(schedule), 5, 4, **options)


@pytest.mark.parametrize('schedule', SCHEDULES, ids=str)
@pytest.mark.parametrize('longer', [4, 8, 12])
def test_after_as_many_epochs_the_rate_is_the_same(schedule, longer):
    """At every position that both runs come to; epochs of 8 and 12 iterations in place of 4."""
    original = schedule_of(schedule)
    for iteration in range(20):
        expected = original.factor(iteration // 4, iteration, 5, 4)
        at = iteration * longer // 4
        assert of(schedule).factor(at, longer) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize('schedule', SCHEDULES, ids=str)
def test_epochs_of_the_same_length_give_the_same_bits(schedule):
    original = schedule_of(schedule)
    factors = [of(schedule).factor(i, 4) for i in range(20)]
    assert factors == [original.factor(i // 4, i, 5, 4) for i in range(20)]


def test_cuts_come_after_as_many_epochs():
    replayed = of({}, cuts=[(1, 0.5), (2.5, 0.25)])
    assert [replayed.factor(i, 6) for i in (0, 5, 6, 14, 15, 99)] == [1, 1, 0.5, 0.5, 0.25, 0.25]


def test_growth_comes_with_the_next_epoch():
    replayed = of({}, growths=[(1, 2), (2.5, 4)])
    assert [replayed.accumulation(epoch) for epoch in range(5)] == [1, 2, 2, 4, 4]


def rows(values, **others):
    return [
        {'epoch': n, 'iter': 3 * n, **({} if v is None else {'val/mAP': v}), **others}
        for n, v in enumerate(values, 1)
    ]


def watcher(decision, begin=1):
    return Watcher('val/mAP', CountingGate(begin, 0), decision)


def test_what_the_plateau_did():
    """Bad validations: 2, 4, 5 and the NaN (absent) after 6; epoch 3 is better."""
    history = rows([0.5, 0.4, 0.6, 0.5, 0.5])
    history.append({'epoch': 6, 'iter': 18, 'val/loss': 1.0})
    assert rate_changes(history, [watcher(PlateauDecision('max', 0.1, 0))]) == [
        (6, 0.1),
        (12, 0.1 * 0.1),
        (15, 0.1 * 0.1 * 0.1),
        (18, 0.1 * 0.1 * 0.1 * 0.1),
    ]
    assert rate_changes(history, [watcher(PlateauDecision('max', 0.1, 1))]) == [(15, 0.1)]
    assert rate_changes(history, [watcher(PlateauDecision('max', 0.1, 0), begin=5)]) == [(18, 0.1)]


def test_epochs_without_validation_do_not_count():
    history = rows([0.5, None, None, 0.4])
    assert rate_changes(history, [watcher(PlateauDecision('max', 0.5, 0))]) == [(12, 0.5)]


def test_two_hooks_and_the_floor():
    both = [watcher(PlateauDecision('max', 0.5, 0)), watcher(PlateauDecision('max', 0.1, 1))]
    assert rate_changes(rows([0.5, 0.4, 0.3]), both) == [(6, 0.5), (9, 0.5 * 0.5 * 0.1)]
    floor = [watcher(PlateauDecision('max', 0.1, 0, min_scale=0.05))]
    assert rate_changes(rows([0.5, 0.4, 0.3, 0.2]), floor) == [(6, 0.1), (9, 0.05)]


def test_what_made_the_batch_grow():
    grows = [watcher(BatchGrowthDecision('max', 2, 0, max_accumulation=4))]
    assert growth_changes(rows([0.5, 0.4, 0.3, 0.2]), grows) == [(6, 2), (9, 4)]


@pytest.mark.parametrize(
    'options',
    [
        {'cuts': [(2, 0.1), (1, 0.01)]},
        {'cuts': [(1,)]},
        {'cuts': 'all'},
        {'growths': [(0, 2)]},
        {'cuts': [(1, 'half')]},
    ],
)
def test_changes_that_cannot_be(options):
    with pytest.raises(ConfigError, match=r'refit\.(rate_cuts|batch_growths) must be a list'):
        of({}, **options)


@pytest.mark.parametrize(('length', 'per_epoch'), [(0, 4), (5, 0), (5, 1.5)])
def test_lengths_that_cannot_be(length, per_epoch):
    with pytest.raises(ConfigError, match='refit'):
        ReplayedSchedule(RateSchedule(), length, per_epoch)
