from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.optimizer import rewrite_optimizer

SGD = {'type': 'SGD', 'lr': 0.1}


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        ({'optimizer': SGD}, {'type': 'OptimWrapper', 'optimizer': SGD}),
        (
            {'optimizer': {**SGD, 'paramwise_cfg': {'norm_decay_mult': 0}, 'constructor': 'Mine'}},
            {
                'type': 'OptimWrapper',
                'optimizer': SGD,
                'paramwise_cfg': {'norm_decay_mult': 0},
                'constructor': 'Mine',
            },
        ),
        ({'optimizer_config': {'grad_clip': {'max_norm': 35}}}, {'clip_grad': {'max_norm': 35}}),
        (
            {
                'optimizer_config': {
                    'type': 'GradientCumulativeOptimizerHook',
                    'cumulative_iters': 4,
                }
            },
            {'accumulative_counts': 4},
        ),
        (
            {'optimizer_config': {'type': 'Fp16OptimizerHook', 'loss_scale': 512.0}},
            {'type': 'AmpOptimWrapper', 'loss_scale': 512.0},
        ),
        ({'fp16': {'loss_scale': 'dynamic'}}, {'type': 'AmpOptimWrapper', 'loss_scale': 'dynamic'}),
        ({'fp16': {}}, {'type': 'AmpOptimWrapper'}),
    ],
)
def test_words(rewrite, given, ours):
    r = rewrite(rewrite_optimizer, **given)
    assert r.cfg == {'optim_wrapper': ours} and not r.refused and r.said


def test_nothing_for_nothing(rewrite):
    r = rewrite(rewrite_optimizer, optimizer_config={'grad_clip': None}, fp16=None)
    assert r.cfg == {} and not r.refused


@pytest.mark.parametrize(
    ('given', 'path'),
    [
        ({'optimizer': 'SGD'}, ('optimizer',)),
        ({'optimizer_config': 3}, ('optimizer_config',)),
        ({'optimizer_config': {'type': 'Mine'}}, ('optimizer_config', 'type')),
        ({'optimizer_config': {'gradclip': {}}}, ('optimizer_config', 'gradclip')),
        ({'fp16': {'mode': 1}}, ('fp16', 'mode')),
    ],
)
def test_refused(rewrite, given, path):
    ((where, _),) = rewrite(rewrite_optimizer, **given).refused
    assert where == path
