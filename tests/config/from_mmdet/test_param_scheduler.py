from __future__ import annotations

import mmengine.optim  # noqa: F401  (registers them)
import pytest
import torch
from mmengine.registry import DefaultScope

from mmholdout import datasets  # noqa: F401  (makes mmdet importable)
from mmholdout.config.from_mmdet.param_scheduler import rewrite_param_scheduler
from mmholdout.monitor.rate_product import schedule_of

EPOCHS, LR = 12, 0.02
WARM = {'type': 'LinearLR', 'start_factor': 0.001, 'by_epoch': False, 'begin': 0, 'end': 5}
STEP = {'type': 'MultiStepLR', 'begin': 0, 'end': 12, 'by_epoch': True, 'milestones': [8, 11]}
SMOOTH = {'by_epoch': True, 'convert_to_iter_based': True}

# name -> the list, and the type of what it becomes
LISTS = {
    'warm-up and steps': ([WARM, STEP], 'step'),
    'steps alone, end by default': ([{'type': 'MultiStepLR', 'milestones': [3, 4]}], 'step'),
    'steps that begin late': (
        [{**STEP, 'begin': 2, 'milestones': [2, 5], 'gamma': 0.5}],
        'product',
    ),
    'steps that end early': ([{**STEP, 'end': 9}], 'product'),
    'steps of equal size': ([{'type': 'StepLR', 'step_size': 3, 'end': 10}], 'product'),
    'constant warm-up': (
        [{'type': 'ConstantLR', 'factor': 1 / 3, 'by_epoch': False, 'end': 5}, STEP],
        'product',
    ),
    'cosine': (
        [WARM, {'type': 'CosineAnnealingLR', 'T_max': 12, 'end': 12, 'eta_min': 0}],
        'cosine',
    ),
    'cosine with a floor': ([{'type': 'CosineAnnealingLR', 'eta_min': 1e-3}], 'cosine'),
    'cosine by iteration': (
        [{'type': 'CosineAnnealingLR', 'eta_min_ratio': 0.1, **SMOOTH}],
        'cosine',
    ),
    'half a run at full rate, then a cosine': (
        [
            WARM,
            {
                'type': 'CosineAnnealingLR',
                'eta_min': LR / 20,
                'begin': 6,
                'end': 12,
                'T_max': 6,
                **SMOOTH,
            },
        ],
        'product',
    ),
    'quadratic, cosine, constant': (
        [
            {'type': 'mmdet.QuadraticWarmupLR', 'begin': 0, 'end': 2, **SMOOTH},
            {
                'type': 'CosineAnnealingLR',
                'eta_min': LR / 20,
                'begin': 2,
                'T_max': 9,
                'end': 9,
                **SMOOTH,
            },
            {'type': 'ConstantLR', 'by_epoch': True, 'factor': 1, 'begin': 9, 'end': 12},
        ],
        'product',
    ),
    'poly': ([{'type': 'PolyLR', 'power': 0.9, 'eta_min': 1e-4, 'end': 12}], 'product'),
    'poly that ends early': (
        [WARM, {'type': 'PolyLR', 'power': 2.0, 'begin': 3, 'end': 9}],
        'product',
    ),
    'exponential': ([WARM, {'type': 'ExponentialLR', 'gamma': 0.9}], 'product'),
    'down in a line': (
        [
            {
                'type': 'LinearLR',
                'start_factor': 1.0,
                'end_factor': 0.1,
                'begin': 2,
                'end': 9,
                **SMOOTH,
            }
        ],
        'product',
    ),
    'floor behind steps': (
        [
            {**STEP, 'end': 4, 'milestones': [1, 3]},
            {'type': 'CosineAnnealingLR', 'begin': 5, 'end': 12, 'eta_min': 1e-5},
        ],
        'product',
    ),
    'one and no list': (STEP, 'step'),
}


def mmengines(given, iters_per_epoch):
    """The rate of each iteration, stepped as mmengine's hook steps."""
    import mmdet.engine.schedulers
    from mmdet.registry import PARAM_SCHEDULERS

    assert mmdet.engine.schedulers
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR)
    schedulers = []
    with DefaultScope.overwrite_default_scope('mmdet'):
        for one in given if isinstance(given, list) else [given]:
            one = {'end': EPOCHS, **one}
            more = {'optimizer': optimizer, 'epoch_length': iters_per_epoch}
            schedulers.append(PARAM_SCHEDULERS.build(one, default_args=more))
    rates = []
    for _ in range(EPOCHS):
        for _ in range(iters_per_epoch):
            rates.append(optimizer.param_groups[0]['lr'])
            optimizer.step()
            for scheduler in schedulers:
                if not scheduler.by_epoch:
                    scheduler.step()
        for scheduler in schedulers:
            if scheduler.by_epoch:
                scheduler.step()
    return rates


def words(given):
    return {
        'param_scheduler': given,
        'train_cfg': {'max_epochs': EPOCHS},
        'optim_wrapper': {'optimizer': {'lr': LR}},
    }


@pytest.mark.parametrize('iters_per_epoch', [7, 20])
@pytest.mark.parametrize(('given', 'kind'), LISTS.values(), ids=LISTS)
def test_every_rate_is_that_of_mmengine(rewrite, given, kind, iters_per_epoch):
    r = rewrite(rewrite_param_scheduler, **words(given))
    assert not r.refused and r.cfg['schedule']['type'] == kind
    schedule = schedule_of(r.cfg['schedule'])
    ours = [
        LR * schedule.factor(i // iters_per_epoch, i, EPOCHS, iters_per_epoch)
        for i in range(EPOCHS * iters_per_epoch)
    ]
    assert ours == pytest.approx(mmengines(given, iters_per_epoch), rel=1e-9, abs=1e-15)


COSINE = {'type': 'CosineAnnealingLR', 'eta_min': 1e-4, 'end': 12}
REFUSED = {
    'OneCycleLR': ({'type': 'OneCycleLR', 'eta_max': 0.1}, ['OneCycleLR', 'product']),
    'restarts': ({'type': 'CosineRestartLR', 'periods': [3]}, ['CosineRestartLR']),
    'momentum': ({'type': 'LinearMomentum'}, ['LinearMomentum', 'momentum']),
    'a word it does not take': ({**STEP, 'milstones': [3]}, ['milstones', 'known: milestones']),
    'no milestones': ({'type': 'MultiStepLR'}, ['milestones']),
    'a floor in a warm-up': (
        [{**COSINE, **SMOOTH}, WARM],
        ['eta_min', 'linear factor from 0 to 5'],
    ),
    'a floor among steps': ([COSINE, STEP], ['eta_min', 'step factor']),
    'no end': ({'type': 'LinearLR', 'by_epoch': False}, ['LinearLR needs an end']),
    'no dict': (['LinearLR'], ['must be a dict']),
}


@pytest.mark.parametrize(('given', 'said'), REFUSED.values(), ids=REFUSED)
def test_what_is_no_product_is_refused_by_name(rewrite, given, said):
    r = rewrite(rewrite_param_scheduler, **words(given))
    assert 'schedule' not in r.cfg
    ((path, text),) = r.refused
    assert path[0] == 'param_scheduler'
    for word in said:
        assert word in text


def test_a_plateau_becomes_a_hook(rewrite):
    plateau = {
        'type': 'ReduceOnPlateauLR',
        'monitor': 'pascal_voc/mAP',
        'rule': 'greater',
        'threshold': 0.01,
        'threshold_rule': 'abs',
        'min_value': LR / 100,
    }
    r = rewrite(rewrite_param_scheduler, **words([WARM, plateau]))
    assert not r.refused
    assert r.cfg['schedule'] == {'type': 'constant', 'warmup': {'iters': 4, 'start_factor': 0.001}}
    (hook,) = r.cfg['custom_hooks']
    assert hook == {
        'type': 'ReduceLROnPlateauHook',
        'monitor': 'mAP',
        'factor': 0.1,
        'patience': 10,
        'min_delta': 0.01,
        'mode': 'max',
        'min_scale': pytest.approx(0.01),
    }


def test_none_is_none(rewrite):
    assert rewrite(rewrite_param_scheduler, param_scheduler=None).cfg == {}
