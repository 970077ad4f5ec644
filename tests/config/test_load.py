from __future__ import annotations

import subprocess
import sys

import pytest

from mmholdout.config.load import load
from mmholdout.errors import ConfigError


def test_a_child_overrides_its_bases_and_keeps_the_rest(child):
    loaded = child('evaluation = dict(interval=5)')
    assert loaded.cfg['evaluation']['interval'] == 5
    assert loaded.cfg['evaluation']['metric'] == 'mAP'
    assert str(loaded.origins.of(('evaluation', 'interval'))) == 'child.py:2'
    assert [p.name for p in loaded.chain] == ['base.py', 'child.py']


def test_options_override_the_child(child):
    options = ['evaluation.interval=7', 'custom_hooks.0.patience=5', 'data_root=/x']
    loaded = child('evaluation = dict(interval=5)', *options)
    assert loaded.cfg['evaluation']['interval'] == 7
    assert loaded.cfg['custom_hooks'][0]['patience'] == 5
    assert loaded.cfg['custom_hooks'][1]['patience'] == 10
    assert loaded.cfg['data_root'] == '/x'
    assert str(loaded.origins.of(('custom_hooks', 0, 'patience'))) == '--cfg-options'


def test_options_may_be_a_mapping(write):
    path = write('x.py', 'evaluation = dict(interval=1)')
    assert load(path, {'evaluation.interval': 3}).cfg['evaluation'] == {'interval': 3}


def test_variables_are_apart(child):
    loaded = child('extra = 3\nevaluation = dict(interval=extra)\nunread = 4')
    assert {'input_size', 'pipeline', 'extra'} <= set(loaded.variables)
    assert not set(loaded.variables) & set(loaded.cfg)
    assert loaded.cfg['unread'] == 4  # for the check to refuse


def test_plain_types_only(child):
    def kinds(value):
        yield type(value)
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list | tuple):
            for one in inner:
                yield from kinds(one)

    assert set(kinds(child().cfg)) <= {dict, list, tuple, str, int, float, bool, type(None)}


def test_delete_starts_afresh_and_leaves_no_mark(child):
    loaded = child(
        "schedule = dict(_delete_=True, type='cosine')\nrandomness = dict(_delete_=True)"
    )
    assert loaded.cfg['schedule'] == {'type': 'cosine'}
    assert loaded.cfg['randomness'] == {}


def test_import_os_does_not_turn_the_file_into_another_language(child):
    loaded = child("import os\nimport math\nwork_dir = os.path.join('a', str(int(math.pi)))")
    assert loaded.cfg['work_dir'] == 'a/3'
    assert loaded.cfg['evaluation']['interval'] == 1


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('x = 1\ny = nothing_here', r'child\.py:3: NameError.*_base_\.name'),
        ('x = _base_.nothing', r'child\.py:2'),
        ('x = 1 / 0', r'child\.py:2: ZeroDivisionError'),
        ('import not_there_at_all', r'child\.py:2: ModuleNotFoundError'),
        ('data_root = dict(a=1)', r'child\.py:2: data_root is a dict here'),
    ],
)
def test_what_goes_wrong_in_a_file_names_it(child, text, message):
    with pytest.raises(ConfigError, match=message):
        child(text)


def test_two_bases_with_the_same_name(write):
    write('a.py', 'x = 1')
    write('b.py', 'x = 2')
    with pytest.raises(ConfigError, match=r"same top-level name.*'x'"):
        load(write('c.py', "_base_ = ['./a.py', './b.py']"))


def test_unread_names_of_stock_files_are_apart(write):
    write('.mim/configs/extra.py', 'not_read = 3\nlog_level = 4\n')
    loaded = load(write('top.py', "_base_ = '.mim/configs/extra.py'\n"), [])
    assert loaded.stock_names == ('not_read',)
    assert 'not_read' not in loaded.cfg


def test_words_of_mmdet_are_translated_and_told(write):
    text = (
        'total_epochs = 3\nmilestones = [total_epochs - 1]\nlog_level = 4\nx = milestones\ny = x\n'
    )
    loaded = load(write('top.py', text), ['total_epochs=5', 'train_cfg.type=Mine'])
    assert loaded.cfg['train_cfg'] == {'max_epochs': 5, 'type': 'Mine'}
    assert loaded.translated[-1] == 'total_epochs = 5 -> train_cfg.max_epochs = 5'
    assert str(loaded.origins.of(('train_cfg', 'max_epochs'))) == '--cfg-options'


def test_a_word_of_mmdet_beside_its_successor_is_a_variable(write):
    text = "optimizer = dict(type='Adam')\noptim_wrapper = dict(optimizer=optimizer)"
    loaded = load(write('top.py', text))
    assert loaded.variables == {'optimizer': {'type': 'Adam'}} and not loaded.translated


def test_marks_of_mmengine_are_gone(write):
    text = "_base_ = 'mmdet::_base_/models/ssd300.py'\nother = _base_.model"
    cfg = load(write('top.py', text)).cfg
    assert cfg['model']['type'] == 'SingleStageDetector'
    assert '_scope_' not in str(cfg)


def test_importing_the_room_is_light():
    code = (
        'import sys, mmholdout.config.load, mmholdout.config.check, mmholdout.config.translate\n'
        "print([m for m in ('torch', 'mmengine', 'mmdet', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == '[]'
