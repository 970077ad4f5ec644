from __future__ import annotations

import pytest

AMP = "type='AmpOptimWrapper'"


@pytest.mark.parametrize(
    'arguments',
    [
        AMP,
        f"{AMP}, dtype='bfloat16'",
        f'{AMP}, loss_scale=512.0',
        f'{AMP}, loss_scale=dict(init_scale=1024.0), accumulative_counts=2',
        'clip_grad=None',
        'clip_grad=dict(max_norm=35, norm_type=2)',
        "clip_grad=dict(type='value', clip_value=0.5)",
        'accumulative_counts=4',
    ],
)
def test_what_works(problems_of, arguments):
    assert problems_of(f'optim_wrapper = dict({arguments})') == []


@pytest.mark.parametrize(
    ('arguments', 'key', 'said'),
    [
        ("type='ApexOptimWrapper'", 'type', "write type='AmpOptimWrapper'"),
        ("type='mmengine.AmpOptimWrapper'", 'type', "write type='AmpOptimWrapper'"),
        (f"{AMP}, dtype='float32'", 'dtype', "type='OptimWrapper'"),
        (f"{AMP}, dtype='half'", 'dtype', "'float16', 'bfloat16'"),
        (f'{AMP}, loss_scale=0', 'loss_scale', 'a number > 0'),
        (f"{AMP}, loss_scale='static'", 'loss_scale', "'dynamic'"),
        (f'{AMP}, loss_scale=dict(init=3)', 'loss_scale.init', 'Known: backoff_factor'),
        (f'{AMP}, use_fsdp=True', 'use_fsdp', 'AmpOptimWrapper does not take'),
        ("dtype='bfloat16'", 'dtype', 'OptimWrapper does not take'),
        ('accumulative_counts=0', 'accumulative_counts', '>= 1'),
        ('accumulative_counts=2.0', 'accumulative_counts', '>= 1'),
        ('clip_grad=10', 'clip_grad', 'dict(max_norm=10.0)'),
        ('clip_grad=dict()', 'clip_grad.max_norm', 'a number > 0'),
        ('clip_grad=dict(max_norm=0)', 'clip_grad.max_norm', 'a number > 0'),
        ("clip_grad=dict(type='norms', max_norm=1)", 'clip_grad.type', "'norm' or 'value'"),
    ],
)
def test_what_torch_would_say_at_the_first_update(problems_of, arguments, key, said):
    problems = problems_of(f'optim_wrapper = dict({arguments})')
    assert len(problems) == 1, problems
    assert problems[0].startswith(f'optim_wrapper.{key} (child.py:2)') and said in problems[0]


def test_a_limit_of_the_other_kind(problems_of):
    problems = problems_of("optim_wrapper = dict(clip_grad=dict(type='value', max_norm=1))")
    assert [p.split(' ')[0] for p in problems] == [
        'optim_wrapper.clip_grad.max_norm',
        'optim_wrapper.clip_grad.clip_value',
    ]
