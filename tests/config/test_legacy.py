from __future__ import annotations

import pytest

from mmholdout.config.legacy import TOP_LEVEL_LEGACY
from mmholdout.config.words import TOP_LEVEL

OLD = {
    'lr_config': 'schedule=',
    'optimizer': 'optim_wrapper=',
    'runner': 'max_epochs',
    'total_epochs': 'max_epochs',
    'checkpoint_config': 'save_every',
    'workflow': 'evaluation=',
    'resume_from': '--resume',
    'data': 'train_dataloader=',
    'param_scheduler': 'schedule=',
}


@pytest.mark.parametrize(('key', 'new'), OLD.items())
def test_old_keys_are_refused_with_the_new_spelling(problems_of, key, new):
    (problem,) = problems_of(f'{key} = dict(a=1)')
    assert problem.startswith(f'{key} (child.py:2):')
    assert new in problem


def test_no_word_is_both_old_and_new():
    assert not TOP_LEVEL & set(TOP_LEVEL_LEGACY)


def test_an_old_name_that_another_line_reads_is_a_variable(problems_of):
    text = "optimizer = dict(type='Adam', lr=1e-3)\n"
    text += 'optim_wrapper = dict(optimizer=dict(_delete_=True, **optimizer))'
    assert problems_of(text) == []


@pytest.mark.parametrize(
    ('text', 'path', 'new'),
    [
        ('val_evaluator = dict(iou_thr=0.6)', 'val_evaluator.iou_thr', 'evaluation.iou_thr'),
        ('train_cfg = dict(val_interval=3)', 'train_cfg.val_interval', 'evaluation.interval'),
        ('train_cfg = dict(interval=3)', 'train_cfg.interval', 'evaluation.interval'),
        ('val_cfg = dict(loss=False)', 'val_cfg.loss', 'evaluation.loss'),
        (
            "default_hooks = dict(checkpoint=dict(save_best='F1'))",
            'default_hooks.checkpoint.save_best',
            'evaluation.save_best',
        ),
        (
            'default_hooks = dict(checkpoint=dict(interval=3))',
            'default_hooks.checkpoint.interval',
            'default_hooks.checkpoint.save_every',
        ),
        ('default_hooks = dict(logger=dict())', 'default_hooks.logger', 'default_hooks.console'),
        (
            "train_dataloader = dict(batch_sampler=dict(type='AspectRatioBatchSampler'))",
            'train_dataloader.batch_sampler',
            'nothing: a batch is',
        ),
        ('evaluation = dict(start=3)', 'evaluation.start', 'evaluation.begin'),
    ],
)
def test_the_same_thing_said_elsewhere_is_refused(problems_of, text, path, new):
    (problem,) = problems_of(text)
    assert problem.startswith(f'{path} (child.py:2):')
    assert new in problem


def test_both_values_are_shown_with_their_lines(problems_of):
    (problem,) = problems_of('train_cfg = dict(val_interval=3)', 'evaluation.interval=2')
    assert '3 here, 2 in evaluation.interval (--cfg-options)' in problem
