from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.config.options import apply_options, parse_options, parse_value
from mmholdout.errors import ConfigError

CFG = {
    'evaluation': {'interval': 1},
    'model': {'type': 'A', 'head': {'type': 'H', 'sizes': (1, 2), 'free': {'a': 1}}},
    'custom_hooks': [{'type': 'P', 'patience': 3}, {'type': 'E'}],
}


@pytest.mark.parametrize(
    ('text', 'value'),
    [
        ('3', 3),
        ('1e-3', 1e-3),
        ('-2', -2),
        ('true', True),
        ('False', False),
        ('none', None),
        ('mAP', 'mAP'),
        ("'3'", '3'),
        ('../data/bccd', '../data/bccd'),
        ('[1, 2]', [1, 2]),
        ('(1, 2)', (1, 2)),
        ('1,2', [1, 2]),
        ('[a,b]', ['a', 'b']),
        ('(a,b)', ('a', 'b')),
        ('a,b', ['a', 'b']),
        ('[(a,1),(b,2)]', [('a', 1), ('b', 2)]),
        ("'a,b'", 'a,b'),
        ("{'a': 'b'}", {'a': 'b'}),
        ('', ''),
        ('a=b', 'a=b'),
    ],
)
def test_values(text, value):
    assert parse_value(text) == value
    assert type(parse_value(text)) is type(value)


@pytest.mark.parametrize(
    'text', ['__import__("os").getcwd()', '{x for x in (1,)}', '1+1', 'f"{1}"']
)
def test_nothing_is_evaluated(text):
    assert parse_value(text) == text


@given(st.text())
def test_any_text_is_a_value(text):
    parse_value(text)


@given(st.recursive(st.integers() | st.text() | st.booleans() | st.none(), st.lists))
def test_literals_come_back(value):
    assert parse_value(repr(value)) == value


@pytest.mark.parametrize('option', ['interval', '=3', ' =3'])
def test_an_option_needs_key_and_value(option):
    with pytest.raises(ConfigError, match='key=value'):
        parse_options([option])


@pytest.mark.parametrize(
    ('key', 'path'),
    [
        ('evaluation.interval', ('evaluation', 'interval')),
        ('custom_hooks.0.patience', ('custom_hooks', 0, 'patience')),
        ('model.head.sizes.1', ('model', 'head', 'sizes', 1)),
        ('data_root', ('data_root',)),
        ('randomness.seed', ('randomness', 'seed')),
        ('custom_hooks.1', ('custom_hooks', 1)),
        ('model.head.new', ('model', 'head', 'new')),
    ],
)
def test_paths_that_are_set(key, path):
    before = copy.deepcopy(CFG)
    cfg, paths = apply_options(CFG, {key: 7}, ())
    assert paths == [path]
    value = cfg
    for step in path:
        value = value[step]
    assert value == 7
    assert before == CFG


@pytest.mark.parametrize(
    ('key', 'message'),
    [
        ('evaluatoin.interval', "no top-level 'evaluatoin'. Did you mean 'evaluation'"),
        ('custom_hooks.2.patience', "custom_hooks has no '2'. Known: 0, 1"),
        ('custom_hooks.patience', "custom_hooks has no 'patience'"),
        ('model.head.free.b', "model.head.free has no 'b'"),
        ('evaluation.interval.x', 'evaluation.interval is 1, with nothing below it'),
        ('size', "'size' is a variable"),
    ],
)
def test_paths_that_lead_nowhere(key, message):
    with pytest.raises(ConfigError) as raised:
        apply_options(CFG, {key: 1}, ('size',))
    assert message in str(raised.value)


def test_all_wrong_paths_are_said_at_once():
    with pytest.raises(ConfigError) as raised:
        apply_options(CFG, {'a.b': 1, 'c': 2}, ())
    assert len(raised.value.problems) == 2


def test_below_a_dict_that_is_new_the_check_decides():
    """It knows what a class takes; here all that could be said is that nothing is known."""
    options = {'model.test_cfg.nms.iou_threshold': 0.5, 'model.bakbone.depth': 3}
    cfg, paths = apply_options({'model': {'type': 'SSD'}}, options, ())
    assert cfg['model']['test_cfg'] == {'nms': {'iou_threshold': 0.5}}
    assert cfg['model']['bakbone'] == {'depth': 3}
    assert paths[1] == ('model', 'bakbone', 'depth')
