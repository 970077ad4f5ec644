"""Every config that is meant to be run loads, translates and is content without data."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmholdout.config.check import check
from mmholdout.config.dump import dump
from mmholdout.config.leaves import leaves
from mmholdout.config.load import load
from mmholdout.config.monitors import resolved_monitors
from mmholdout.config.translate import translate

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = sorted(
    path
    for folder in ('configs', 'projects')
    for path in (ROOT / folder).rglob('*.py')
    if '_base_' not in path.parts and (folder == 'configs' or 'configs' in path.parts)
)


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_configs():
    assert len(CONFIGS) >= 3


@pytest.mark.parametrize('path', CONFIGS, ids=names)
def test_it_is_correct(path, tmp_path):
    loaded = load(path)
    words = translate(loaded.cfg)
    check(loaded, words)
    assert resolved_monitors(loaded.cfg, words)['evaluation.save_best'][0].startswith('val/')
    dump(loaded.cfg, tmp_path / 'config.py')
    assert load(tmp_path / 'config.py').cfg == loaded.cfg


@pytest.mark.parametrize('path', CONFIGS, ids=names)
def test_data_root_from_the_command_line_reaches_every_split(path):
    words = translate(load(path, ['data_root=/elsewhere']).cfg)
    for split in ('train', 'val', 'test'):
        assert {leaf['data_root'] for _, leaf in leaves(words, split)} == {'/elsewhere'}


@pytest.mark.parametrize('path', CONFIGS, ids=names)
def test_it_opens_with_its_command_and_what_to_expect(path):
    lines = path.read_text(encoding='utf-8').splitlines()
    header = [line for line in lines[:8] if line.startswith('#')]
    assert any('tools/train.py' in line and path.name in line for line in header)
    assert any('Expected' in line for line in header)


@pytest.mark.parametrize('path', sorted((ROOT / 'configs').rglob('*_voc_folder.py')), ids=names)
def test_a_child_with_classes_of_its_own_is_correct(path, tmp_path):
    wrapped = 'dataset' in load(path).cfg['train_dataloader']['dataset']  # by what mixes images
    deeper = 'dict(dataset=own)' if wrapped else 'own'
    child = tmp_path / 'child.py'
    child.write_text(f"""\
_base_ = [{str(path)!r}]
classes = ('bolt', 'nut')
model = dict(bbox_head=dict(num_classes=len(classes)))
own = dict(metainfo=dict(classes=classes))
train_dataloader = dict(dataset={deeper})
val_dataloader = test_dataloader = dict(dataset=own)
""")
    loaded = load(child)
    assert check(loaded, translate(loaded.cfg)) == []


def test_the_child_for_blood_cells_is_short():
    assert len((ROOT / 'configs' / 'ssdlite_bccd.py').read_text().splitlines()) <= 25
