from __future__ import annotations

import pytest


def test_a_correct_config_has_no_problem(problems_of):
    assert problems_of() == []


@pytest.mark.parametrize(
    ('text', 'start', 'near'),
    [
        ('train_cgf = dict(a=1)', 'train_cgf (child.py:2):', "'train_cfg'"),
        ('evaluation = dict(intervall=1)', 'evaluation.intervall (child.py:2):', "'interval'"),
        ("freese = ['backbone']", 'freese (child.py:2):', "'freeze'"),
        ('load_form = None', 'load_form (child.py:2):', "'load_from'"),
        ('default_hooks = dict(chekpoint=dict())', 'default_hooks.chekpoint', "'checkpoint'"),
        ('randomness = dict(sed=1)', 'randomness.sed', "'seed'"),
        ('env_cfg = dict(cudnn_benchmrk=True)', 'env_cfg.cudnn_benchmrk', "'cudnn_benchmark'"),
        ('val_dataloader = dict(batchsize=1)', 'val_dataloader.batchsize', "'batch_size'"),
        (
            'optim_wrapper = dict(clip_grad=dict(maxnorm=1))',
            'optim_wrapper.clip_grad',
            "'max_norm'",
        ),
    ],
)
def test_unknown_keys(problems_of, text, start, near):
    (problem,) = problems_of(text)
    assert problem.startswith(start)
    assert f'Did you mean {near}' in problem


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('evaluation = dict(_delete_=True)\ntrain_cfg = dict(max_iters=5)', 'exactly one'),
        ('train_cfg = dict(max_epochs=0)', 'train_cfg.max_epochs (child.py:2): must be'),
        ('train_cfg = dict(max_epochs=None)', 'exactly one'),
        ('schedule = 3', 'schedule (child.py:2): must be a dict, got 3'),
        ('custom_hooks = 3', 'custom_hooks (child.py:2): must be a list'),
        ('custom_hooks = [3]', 'custom_hooks.0 (child.py:2): must be a dict'),
        ('default_hooks = dict(curves=3)', 'default_hooks.curves (child.py:2): must be a dict'),
        ('default_hooks = dict(checkpoint=None)', 'cannot be None'),
        ('val_dataloader = dict(batch_size=0)', 'val_dataloader.batch_size (child.py:2): must be'),
        ('val_dataloader = dict(num_workers=-1)', 'val_dataloader.num_workers'),
        ('val_dataloader = dict(persistent_workers=True)', 'needs num_workers >= 1'),
        (
            "val_dataloader = dict(sampler=dict(type='InfiniteSampler'))",
            'val_dataloader.sampler.type',
        ),
        ('val_dataloader = dict(sampler=dict(round_up=True))', 'val_dataloader.sampler.round_up'),
        ('val_dataloader = dict(drop_last=True)', 'every image is measured'),
        ("val_evaluator = 'VOCMetric'", 'must be a dict or a list of dicts'),
        (
            "custom_imports = dict(imports=['json'], allow_failed_imports=True)",
            'custom_imports.allow_failed_imports (child.py:2): must be False',
        ),
        ("freeze = 'backbone'", 'freeze (child.py:2): must be a list of paths of modules, say'),
        ('freeze = [3]', 'freeze (child.py:2): must be'),
        ('work_dir = 3', 'work_dir (child.py:2): must be a string'),
        ('randomness = dict(seed=-1)', 'randomness.seed'),
        ("launcher = 'pytorch'", 'launcher'),
        ('resume = True', 'resume (child.py:2): belongs on the command line'),
        ("default_scope = 'mmyolo'", 'default_scope'),
        ('model = None', 'model (child.py:2): is missing'),
        ('val_dataloader = None', 'val_dataloader (child.py:2): is missing'),
    ],
)
def test_values_that_cannot_be(problems_of, text, message):
    assert message in '\n'.join(problems_of(text))


def test_all_at_once(problems_of):
    problems = problems_of(
        """
        train_cgf = dict(max_epochs=3)
        evaluation = dict(intervall=1)
        optim_wrapper = dict(optimizer=dict(type='SDG'))
        custom_hooks = [dict(type='EarlyStoppingHook', monitor='mAPP')]
        lr_config = dict(policy='step')
        test_dataloader = dict(dataset=dict(ann_file='val.txt'))
        """
    )
    keys = [problem.split(' ')[0] for problem in problems]
    assert sorted(keys) == [
        'custom_hooks.0.monitor',
        'evaluation.intervall',
        'lr_config',
        'optim_wrapper.optimizer.type',
        'test_dataloader.dataset.ann_file',
        'train_cgf',
    ]
    assert all('(child.py:' in problem for problem in problems)
