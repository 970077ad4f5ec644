from __future__ import annotations

import pytest

from mmholdout.config.chain import read_chain
from mmholdout.config.origin import Origins, dotted, trace

BASE = """\
size = 320
steps = [
    dict(type='Load'),
    dict(type='Resize', scale=size),
]
model = dict(
    type='A',
    head=dict(num=3, deep={'k': 1}),
)
loader = dict(dataset=dict(pipeline=steps))
"""
CHILD = """\
_base_ = './base.py'
model = dict(
    head=dict(num=4))
other = _base_.model
third = dict(
    **_base_.model,
    extra=1,
)
model['head']['num'] = 5
"""


@pytest.fixture
def origins(write) -> Origins:
    write('base.py', BASE)
    return trace(read_chain(write('child.py', CHILD)))


@pytest.mark.parametrize(
    ('path', 'where'),
    [
        ('model.type', 'base.py:7'),
        ('model.head.deep.k', 'base.py:8'),
        ('model.head.num', 'child.py:9'),
        ('loader.dataset.pipeline', 'base.py:10'),
        ('loader.dataset.pipeline.1.scale', 'base.py:4'),
        ('other.head.deep', 'base.py:8'),
        ('other', 'child.py:4'),
        ('third.extra', 'child.py:7'),
        ('model.head.unknown', 'child.py:3'),
        ('nothing', 'None'),
    ],
)
def test_the_line_that_wrote_a_key(origins, path, where):
    keys = [int(k) if k.isdigit() else k for k in path.split('.')]
    assert str(origins.of(keys)) == where


def test_delete_and_lists_forget_what_they_replace(write):
    write('base.py', 'a = dict(x=1, y=2)\nb = [dict(x=1)]\nc = dict(x=1)')
    text = "_base_ = './base.py'\na = dict(_delete_=True, x=3)\nb = []\nc = 4"
    origins = trace(read_chain(write('child.py', text)))
    assert origins.exact(('a', 'x')).line == 2
    assert origins.exact(('a', 'y')) is None
    assert origins.exact(('b', 0)) is None
    assert origins.exact(('c', 'x')) is None


def test_ranks_follow_the_merge(origins):
    assert origins.of(('model', 'type')).rank < origins.of(('model', 'head', 'num')).rank


def test_the_command_line_is_an_origin_of_its_own(origins):
    origins.overwritten(('model', 'head'), {'num': 6})
    assert str(origins.of(('model', 'head', 'num'))) == '--cfg-options'
    assert origins.exact(('model', 'head', 'deep', 'k')) is None
    assert origins.of(('model', 'head')).rank > origins.of(('third',)).rank


def test_statements_below_if_and_for_are_seen(write):
    text = 'if True:\n    a = 1\nelse:\n    b = 2\nfor i in range(3):\n    c = i\n'
    origins = trace(read_chain(write('x.py', text)))
    assert [origins.exact((name,)).line for name in 'abc'] == [2, 4, 6]


def test_a_name_that_means_itself_ends(write):
    origins = trace(read_chain(write('x.py', 'a = dict(b=1)\na = dict(c=a)\n')))
    assert origins.exact(('a', 'c')).line == 2


def test_dotted():
    assert dotted(('custom_hooks', 0, 'patience')) == 'custom_hooks.0.patience'
