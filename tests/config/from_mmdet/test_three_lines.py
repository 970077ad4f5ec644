"""The lines of the message are taken as they are, and then the splits are apart."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mmholdout.config.check import check
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError

TWO_X = Path(__file__).parent / 'two_x'


def problems(path):
    loaded = load(path)
    try:
        check(loaded, translate(loaded.cfg))
    except ConfigError as error:
        return list(error.problems)
    return []


def mended(tmp_path, base):
    config = tmp_path / 'as_it_is.py'
    config.write_text(f'_base_ = {base!r}\n')
    (problem,) = problems(config)
    assert 'test must not be val' in problem and 'Three lines' in problem
    lines = [line for line in problem.splitlines() if line.startswith('    ')]
    assert len(lines) == 3
    child = tmp_path / 'mended.py'
    child.write_text(f'_base_ = {base!r}\n' + dedent('\n'.join(lines)))
    return child


@pytest.mark.guarantee
@pytest.mark.parametrize(
    'name', ['pascal_voc/ssd300_voc0712', 'pascal_voc/retinanet_r50_fpn_1x_voc0712']
)
def test_stock_voc(tmp_path, name):
    child = mended(tmp_path, f'mmdet::{name}.py')
    assert problems(child) == []
    cfg = load(child).cfg
    train, val, test = (cfg[f'{split}_dataloader']['dataset'] for split in ('train', 'val', 'test'))
    assert train['ann_file'] == val['ann_file'] != test['ann_file']
    assert (train['part'], val['part']) == ({'stop': 0.9}, {'start': 0.9})
    assert train['pipeline'] and test['ann_file'] == 'VOC2007/ImageSets/Main/test.txt'


@pytest.mark.parametrize('name', ['ssd/ssd300_coco', 'yolox/yolox_tiny_8xb8-300e_coco'])
def test_stock_coco(tmp_path, name):
    child = mended(tmp_path, f'mmdet::{name}.py')
    assert problems(child) == []
    test = load(child).cfg['test_dataloader']['dataset']
    assert test['ann_file'] == 'annotations/instances_val2017.json'


@pytest.mark.parametrize('name', ['ssd_step', 'ssd_repeated', 'yolox_mosaic', 'ssd_lists'])
def test_2x(tmp_path, name):
    base = tmp_path / 'base.py'
    base.write_text(
        f'_base_ = {str(TWO_X / f"{name}.py")!r}\n'
        "data = dict(val=dict(ann_file='data/pets/ImageSets/Main/test.txt'))\n"
    )
    child = mended(tmp_path, str(base))
    assert problems(child) == []
    cfg = load(child).cfg
    assert cfg['val_dataloader']['dataset']['part'] == {'start': 0.9}
    assert cfg['test_dataloader']['dataset']['ann_file'] == 'ImageSets/Main/test.txt'


def test_splits_that_are_apart_need_no_advice():
    assert load(TWO_X / 'ssd_step.py').separate == ''
