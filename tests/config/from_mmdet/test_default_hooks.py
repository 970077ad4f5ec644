from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.default_hooks import rewrite_default_hooks


def test_those_of_a_stock_config(rewrite):
    stock = {
        'timer': {'type': 'IterTimerHook'},
        'logger': {'type': 'LoggerHook', 'interval': 20},
        'param_scheduler': {'type': 'ParamSchedulerHook'},
        'checkpoint': {
            'type': 'CheckpointHook',
            'interval': 2,
            'max_keep_ckpts': 3,
            'save_best': 'coco/bbox_mAP',
            'rule': 'greater',
            'save_last': True,
        },
        'sampler_seed': {'type': 'DistSamplerSeedHook'},
        'visualization': {'type': 'DetVisualizationHook'},
    }
    r = rewrite(rewrite_default_hooks, default_hooks=stock)
    assert not r.refused and len(r.said) == 10
    assert r.cfg == {
        'default_hooks': {
            'console': {'interval': 20},
            'checkpoint': {'type': 'CheckpointHook', 'save_every': 2, 'keep': 3},
        },
        'evaluation': {'save_best': 'coco_AP'},
    }


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        ({'interval': 3000, 'by_epoch': False}, {}),
        ({'interval': -1}, {}),
        ({'max_keep_ckpts': -1}, {'keep': 0}),
        ({'save_best': 'auto'}, {}),
        ({'save_every': 2, 'keep': 1}, {'save_every': 2, 'keep': 1}),
    ],
)
def test_checkpoints(rewrite, given, ours):
    r = rewrite(rewrite_default_hooks, default_hooks={'checkpoint': given})
    assert r.cfg == {'default_hooks': {'checkpoint': ours}} and not r.refused


def test_early_stopping_joins_the_list(rewrite):
    hook = {'type': 'EarlyStoppingHook', 'monitor': 'mAP'}
    r = rewrite(rewrite_default_hooks, default_hooks={'early_stopping': hook})
    assert r.cfg['custom_hooks'] == [hook]
