"""`compile` of a config."""

from __future__ import annotations

import inspect

import pytest
import torch

from mmholdout.config.compile import KEYS
from mmholdout.config.translate import translate


@pytest.mark.parametrize(
    ('text', 'hook'),
    [
        ('', None),
        ('compile = False', None),
        ('compile = None', None),
        ('compile = True', {'type': 'CompileHook'}),
        ("compile = dict(mode='default')", {'type': 'CompileHook', 'mode': 'default'}),
    ],
)
def test_one_line_is_a_hook(child, problems_of, text, hook):
    assert problems_of(text) == []
    words = translate(child(text).cfg)
    assert words['default_hooks'].get('compile') == hook
    assert 'compile' not in words


@pytest.mark.parametrize(
    ('text', 'start', 'said'),
    [
        ('compile = 1', 'compile (child.py:2)', 'must be a dict, True or False, got'),
        ("compile = dict(backnd='x')", 'compile.backnd (child.py:2)', "Did you mean 'backend'"),
        ("compile = dict(mode='default', options={})", 'compile (child.py:2)', 'not both'),
    ],
)
def test_what_cannot_be(problems_of, text, start, said):
    (problem,) = problems_of(text)
    assert problem.startswith(start) and said in problem


def test_each_key_is_one_of_torchs():
    assert set(KEYS) <= set(inspect.signature(torch.compile).parameters)
