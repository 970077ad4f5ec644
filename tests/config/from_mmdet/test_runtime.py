from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.runtime import rewrite_runtime


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        ({'total_epochs': 12}, {'train_cfg': {'max_epochs': 12}}),
        (
            {'total_epochs': 12, 'runner': {'type': 'EpochBasedRunner', 'max_epochs': 12}},
            {'train_cfg': {'max_epochs': 12}},
        ),
        (
            {'runner': {'type': 'IterBasedRunner', 'max_iters': 90}},
            {'train_cfg': {'max_iters': 90}, 'evaluation': {'by_epoch': False}},
        ),
        (
            {'checkpoint_config': {'interval': 3, 'max_keep_ckpts': -1, 'save_optimizer': True}},
            {'default_hooks': {'checkpoint': {'save_every': 3, 'keep': 0}}},
        ),
        ({'checkpoint_config': None}, {}),
        ({'checkpoint_config': {'interval': 500, 'by_epoch': False}}, {}),
        (
            {'log_config': {'interval': 20, 'hooks': [{'type': 'WandbLoggerHook'}]}},
            {'default_hooks': {'console': {'interval': 20}}},
        ),
        ({'workflow': [('train', 1)]}, {}),
        ({'workflow': [('train', 2), ('val', 1)]}, {'evaluation': {'loss': True}}),
        ({'resume_from': None}, {}),
        ({'seed': 0, 'deterministic': None}, {'randomness': {'seed': 0}}),
        ({'dist_params': {'backend': 'gloo'}}, {'env_cfg': {'dist_cfg': {'backend': 'gloo'}}}),
        (
            {'cudnn_benchmark': True, 'env_cfg': {'cudnn_benchmark': False}},
            {'env_cfg': {'cudnn_benchmark': False}},
        ),
    ],
)
def test_words(rewrite, given, ours):
    r = rewrite(rewrite_runtime, **given)
    assert r.cfg == ours and not r.refused
    assert len(r.said) >= 1


@pytest.mark.parametrize(
    ('given', 'path', 'said'),
    [
        ({'resume_from': 'a.pth'}, ('resume_from',), '--resume a.pth'),
        (
            {'total_epochs': 3, 'runner': {'max_epochs': 4}},
            ('runner', 'max_epochs'),
            '4 is said here, 3 in train_cfg.max_epochs',
        ),
        ({'runner': 3}, ('runner',), 'must be a dict'),
        ({'runner': {'type': 'Mine', 'max_epochs': 1}}, ('runner', 'type'), "'Mine'"),
        ({'runner': {'max_epoch': 1}}, ('runner', 'max_epoch'), 'no counterpart'),
        ({'checkpoint_config': 3}, ('checkpoint_config',), 'must be a dict'),
        ({'checkpoint_config': {'intervall': 3}}, ('checkpoint_config', 'intervall'), 'save_every'),
        ({'log_config': 3}, ('log_config',), 'must be a dict'),
        ({'workflow': 3}, ('workflow',), 'must be a list'),
    ],
)
def test_refused(rewrite, given, path, said):
    r = rewrite(rewrite_runtime, **given)
    ((where, text),) = r.refused
    assert where == path and said in text
    assert not set(r.cfg) - {'train_cfg'}
