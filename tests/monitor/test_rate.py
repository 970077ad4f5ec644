from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from mmholdout.errors import ConfigError
from mmholdout.monitor.rate import RateSchedule

IPE, EPOCHS = 5, 12  # iterations of an epoch, epochs


def factors(schedule):
    return [schedule.factor(i // IPE, i, EPOCHS, IPE) for i in range(IPE * EPOCHS)]


@pytest.mark.parametrize(
    ('config', 'expected'),
    [
        ({}, {0: 1.0, 59: 1.0}),
        ({'type': 'constant', 'warmup': None}, {0: 1.0, 59: 1.0}),
        (
            {'type': 'constant', 'warmup': {'iters': 10, 'start_factor': 0.1}},
            {0: 0.1, 5: 0.55, 9: 0.91, 10: 1.0, 59: 1.0},
        ),
        ({'warmup': {'iters': 10}}, {0: 0.1, 10: 1.0}),
        ({'warmup': {'iters': 0}}, {0: 1.0}),
        ({'type': 'step', 'milestones': [8, 11]}, {39: 1.0, 40: 0.1, 54: 0.1, 55: 0.01}),
        (
            {'type': 'step', 'milestones': [8, 11], 'gamma': 0.5, 'by_epoch': False},
            {7: 1.0, 8: 0.5, 10: 0.5, 11: 0.25},
        ),
        # by epoch the rate is the same within an epoch, by iteration it is not
        ({'type': 'cosine'}, {0: 1.0, 4: 1.0, 30: 0.5, 34: 0.5}),
        ({'type': 'cosine', 'by_epoch': False}, {0: 1.0, 30: 0.5, 15: 0.5 + math.sqrt(0.5) / 2}),
        ({'type': 'poly', 'power': 1.0, 'by_epoch': False}, {0: 1.0, 6: 0.9, 45: 0.25}),
        ({'type': 'poly', 'power': 2.0, 'min_factor': 0.5}, {0: 1.0, 30: 0.625}),
        ({'type': 'poly'}, {0: 1.0, 30: 0.5**0.9}),
        # warm-up multiplies and does not shift
        (
            {'type': 'step', 'milestones': [1], 'warmup': {'iters': 10, 'start_factor': 0.5}},
            {0: 0.5, 4: 0.7, 5: 0.075, 10: 0.1},
        ),
    ],
)
def test_table(config, expected):
    found = factors(RateSchedule(**config))
    assert {i: found[i] for i in expected} == pytest.approx(expected)


def test_the_product_is_that_of_chained_torch_schedulers():
    """MultiStepLR is stepped once an epoch, LinearLR once an iteration; torch multiplies them."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    warm = lr_scheduler.LinearLR(optimizer, 0.2, 1.0, 13)
    steps = lr_scheduler.MultiStepLR(optimizer, [2, 8], 0.1)
    expected = []
    for iteration in range(IPE * EPOCHS):
        expected.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        warm.step()
        if (iteration + 1) % IPE == 0:
            steps.step()
    schedule = RateSchedule(
        type='step', milestones=[2, 8], warmup={'iters': 13, 'start_factor': 0.2}
    )
    assert factors(schedule) == pytest.approx(expected, rel=1e-9)


def test_a_run_that_ends_within_an_epoch():
    schedule = RateSchedule('cosine', by_epoch=False)
    assert schedule.factor(2, 13, 13 / IPE, IPE) == pytest.approx(0.0)
    assert schedule.factor(0, 0, 13 / IPE, IPE) == 1.0


configs = st.sampled_from(
    [
        {'type': 'constant'},
        {'type': 'step', 'milestones': [3, 5], 'gamma': 0.3},
        {'type': 'cosine', 'min_factor': 0.1},
        {'type': 'poly'},
    ]
)


@given(configs, st.booleans(), st.integers(0, 40), st.integers(0, 59))
def test_it_depends_on_the_position_alone(config, by_epoch, warmup_iters, start):
    config = {**config, 'by_epoch': by_epoch, 'warmup': {'iters': warmup_iters}}
    whole, resumed = factors(RateSchedule(**config)), RateSchedule(**config)
    tail = [resumed.factor(i // IPE, i, EPOCHS, IPE) for i in range(start, IPE * EPOCHS)]
    assert tail == whole[start:]
    assert all(0.0 <= factor <= 1.0 for factor in whole)


@pytest.mark.parametrize(
    ('config', 'words'),
    [
        ({'type': 'cosin'}, ["'cosin' is unknown", 'constant, step, cosine, poly', "'cosine'?"]),
        ({'type': None}, ['schedule.type None']),
        ({'type': 'step'}, ['schedule.milestones must be a list']),
        ({'type': 'step', 'milestones': []}, ['schedule.milestones']),
        ({'type': 'step', 'milestones': 8}, ['schedule.milestones']),
        ({'type': 'step', 'milestones': [11, 8]}, ['must ascend']),
        ({'type': 'step', 'milestones': [8, 8]}, ['must ascend']),
        ({'type': 'step', 'milestones': [0.5]}, ['integer']),
        ({'type': 'step', 'milestones': [3], 'gama': 0.1}, ['schedule.gama', "'gamma'?"]),
        ({'type': 'cosine', 'min_facter': 0.1}, ["'min_factor'?"]),
        ({'type': 'cosine', 'min_factor': 1.5}, ['schedule.min_factor', '[0, 1]']),
        ({'type': 'poly', 'power': 0}, ['schedule.power']),
        ({'type': 'step', 'milestones': [3], 'gamma': 2.0}, ['schedule.gamma']),
        ({'type': 'cosine', 'milestones': [3]}, ["belongs to type 'step'", '_delete_=True']),
        ({'warmup': 100}, ['schedule.warmup must be a dict']),
        ({'warmup': {}}, ['schedule.warmup.iters must be an integer >= 0, got None']),
        ({'warmup': {'iter': 5}}, ["'iters'?"]),
        ({'warmup': {'iters': 5, 'start_factor': 0.0}}, ['schedule.warmup.start_factor']),
        ({'warmup': {'iters': 5, 'start_factor': 1.5}}, ['schedule.warmup.start_factor']),
        ({'by_epoch': 'yes'}, ['schedule.by_epoch']),
    ],
)
def test_mistakes(config, words):
    with pytest.raises(ConfigError) as caught:
        RateSchedule(**config)
    for word in words:
        assert word in str(caught.value)


def test_all_mistakes_at_once():
    with pytest.raises(ConfigError) as caught:
        RateSchedule(type='step', gamma=-1, power=2, warmup={'iters': -1, 'start_factor': 9})
    assert len(caught.value.problems) == 5
