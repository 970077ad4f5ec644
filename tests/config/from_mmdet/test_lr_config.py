"""Rates against mmcv 1.x's formulas, written out here: rule(progress) x warm-up(iteration)."""

from __future__ import annotations

import math

import pytest

from mmholdout.config.from_mmdet.lr_config import rewrite_lr_config
from mmholdout.monitor.rate_product import schedule_of

EPOCHS, IPE, LR = 8, 5, 0.02


def rule(words, progress, length):
    policy = words['policy'].lower()
    low = words.get('min_lr_ratio', 0) * LR or words.get('min_lr', 0)
    if policy == 'step':
        steps = words['step']
        reached = progress // steps if isinstance(steps, int) else sum(s <= progress for s in steps)
        return LR * words.get('gamma', 0.1) ** reached
    if policy == 'exp':
        return LR * words['gamma'] ** progress
    if policy == 'poly':
        return (LR - low) * (1 - progress / length) ** words.get('power', 1) + low
    if policy == 'cosineannealing':
        return low + 0.5 * (LR - low) * (math.cos(math.pi * progress / length) + 1)
    return LR


def warm(words, iteration):
    count, ratio = words.get('warmup_iters', 0), words.get('warmup_ratio', 0.1)
    count *= IPE if words.get('warmup_by_epoch') else 1
    if words.get('warmup') is None or iteration >= count:
        return 1.0
    return {
        'constant': ratio,
        'linear': 1 - (1 - iteration / count) * (1 - ratio),
        'exp': ratio ** (1 - iteration / count),
    }[words['warmup']]


RULES = {
    'fixed': {'policy': 'fixed'},
    'step': {'policy': 'step', 'step': [4, 6]},
    'every two': {'policy': 'step', 'step': 2, 'gamma': 0.5},
    'exp': {'policy': 'exp', 'gamma': 0.8},
    'poly': {'policy': 'poly', 'power': 0.9, 'min_lr': 1e-4},
    'poly by iteration': {'policy': 'poly', 'power': 2, 'by_epoch': False},
    'cosine': {'policy': 'CosineAnnealing', 'min_lr_ratio': 0.05},
    'cosine by iteration': {'policy': 'CosineAnnealing', 'min_lr': 1e-4, 'by_epoch': False},
}
WARMUPS = {
    'none': {},
    'linear': {'warmup': 'linear', 'warmup_iters': 12, 'warmup_ratio': 0.001},
    'constant': {'warmup': 'constant', 'warmup_iters': 12, 'warmup_ratio': 1 / 3},
    'exp': {'warmup': 'exp', 'warmup_iters': 12, 'warmup_ratio': 0.01},
    'linear by epoch': {'warmup': 'linear', 'warmup_iters': 2, 'warmup_by_epoch': True},
    'exp by epoch': {'warmup': 'exp', 'warmup_iters': 2, 'warmup_by_epoch': True},
}


def words(given, **train_cfg):
    return {
        'lr_config': given,
        'train_cfg': train_cfg or {'max_epochs': EPOCHS},
        'optim_wrapper': {'optimizer': {'lr': LR}},
    }


@pytest.mark.parametrize('warmup', WARMUPS.values(), ids=WARMUPS)
@pytest.mark.parametrize('given', RULES.values(), ids=RULES)
def test_every_rate_is_that_of_the_formula(rewrite, given, warmup):
    given = {**given, **warmup}
    r = rewrite(rewrite_lr_config, **words(given))
    assert not r.refused
    schedule = schedule_of(r.cfg['schedule'])
    for i in range(EPOCHS * IPE):
        by_epoch = given.get('by_epoch', True)
        progress, length = (i // IPE, EPOCHS) if by_epoch else (i, EPOCHS * IPE)
        expected = rule(given, progress, length) * warm(given, i)
        found = LR * schedule.factor(i // IPE, i, EPOCHS, IPE)
        assert found == pytest.approx(expected, rel=1e-9), i


def test_simple_schedules_have_simple_words(rewrite):
    r = rewrite(rewrite_lr_config, **words({**RULES['step'], **WARMUPS['linear']}))
    assert r.cfg['schedule'] == {
        'type': 'step',
        'milestones': [4, 6],
        'gamma': 0.1,
        'warmup': {'iters': 12, 'start_factor': 0.001},
    }


def test_a_plateau_becomes_a_hook(rewrite):
    given = {'policy': 'ReduceLROnPlateau', 'monitor': 'bbox_mAP', 'patience': 2, 'min_lr': 1e-4}
    r = rewrite(rewrite_lr_config, custom_hooks=[{'type': 'Mine'}], **words(given))
    assert r.cfg['schedule'] == {'type': 'constant'} and not r.refused
    assert r.cfg['custom_hooks'][1] == {
        'type': 'ReduceLROnPlateauHook',
        'monitor': 'coco_AP',
        'factor': 0.1,
        'patience': 2,
        'min_scale': pytest.approx(0.005),
    }


@pytest.mark.parametrize(
    ('given', 'path', 'said'),
    [
        ('step', ('lr_config',), 'must be a dict'),
        ({'policy': 'cyclic'}, ('lr_config', 'policy'), "'cyclic' has no counterpart; there are"),
        ({'policy': 'YOLOX'}, ('lr_config', 'policy'), "type='quadratic'"),
        ({'policy': 'step', 'step': [3], 'min_lr': 1}, ('lr_config', 'min_lr'), 'no floor'),
        ({'policy': 'step', 'step': [3], 'gama': 1}, ('lr_config', 'gama'), 'leave it out'),
        (
            {'policy': 'fixed', 'warmup': 'log', 'warmup_iters': 3},
            ('lr_config', 'warmup'),
            "'linear', 'constant' and 'exp'",
        ),
    ],
)
def test_refused(rewrite, given, path, said):
    r = rewrite(rewrite_lr_config, **words(given))
    ((where, text),) = r.refused
    assert where == path and said in text and 'schedule' not in r.cfg


def test_momentum_keeps_its_value(rewrite):
    r = rewrite(rewrite_lr_config, momentum_config={'policy': 'cyclic'})
    assert r.refused[0][0] == ('momentum_config',) and 'momentum_config' not in r.cfg
