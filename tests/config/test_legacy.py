from __future__ import annotations

import pytest

from mmholdout.config.legacy import TOP_LEVEL_LEGACY
from mmholdout.config.words import TOP_LEVEL

OLD = {
    'max_epochs': 'train_cfg=',
    'total_iters': 'max_iters',
    'auto_resume': '--resume auto',
    'val_interval': 'evaluation=',
    'dataset': 'train_dataloader=',
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
        ('train_cfg = dict(interval=3)', 'train_cfg.interval', 'evaluation.interval'),
        ('val_cfg = dict(loss=False)', 'val_cfg.loss', 'evaluation.loss'),
        (
            "train_dataloader = dict(batch_sampler=dict(type='BatchSampler'))",
            'train_dataloader.batch_sampler',
            'nothing: a batch is',
        ),
    ],
)
def test_the_same_thing_said_elsewhere_is_refused(problems_of, text, path, new):
    (problem,) = problems_of(text)
    assert problem.startswith(f'{path} (child.py:2):')
    assert new in problem


@pytest.mark.parametrize(
    ('text', 'path', 'both'),
    [
        (
            'train_cfg = dict(val_interval=3)',
            'train_cfg.val_interval',
            '3 is said here, 1 in evaluation.interval (base.py',
        ),
        (
            "default_hooks = dict(checkpoint=dict(save_best='F1'))",
            'default_hooks.checkpoint.save_best',
            "'F1' is said here, 'mAP' in evaluation.save_best (base.py",
        ),
        (
            'default_hooks = dict(checkpoint=dict(interval=3))',
            'default_hooks.checkpoint.interval',
            '3 is said here, 1 in default_hooks.checkpoint.save_every (base.py',
        ),
        ('total_epochs = 3', 'total_epochs', '3 is said here, 12 in train_cfg.max_epochs (base.py'),
    ],
)
def test_both_values_are_shown_with_their_lines(problems_of, text, path, both):
    (problem,) = problems_of(text)
    assert problem.startswith(f'{path} (child.py:2):') and both in problem


def test_what_is_said_elsewhere_and_has_no_translation_shows_both_too(problems_of):
    (problem,) = problems_of('train_cfg = dict(interval=3)', 'evaluation.interval=2')
    assert '3 here, 2 in evaluation.interval (--cfg-options)' in problem
