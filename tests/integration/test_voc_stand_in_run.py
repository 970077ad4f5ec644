"""The whole job on the stand-in for VOC2007 and 2012, with the real ones' data set config."""

import json
from pathlib import Path

import pytest

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'


@pytest.fixture(scope='module')
def devkit(tmp_path_factory):
    from mmholdout.sample.voc_stand_in import write_stand_in

    folder = tmp_path_factory.mktemp('voc') / 'VOCdevkit'
    write_stand_in(folder)
    return folder


@pytest.fixture
def config(tmp_path, devkit):
    """A very small model on the data set config; gives the config's path."""
    base = [
        '_base_/models/ssd_tiny.py',
        '_base_/datasets/voc0712.py',
        '_base_/schedules/plateau.py',
        '_base_/default_runtime.py',
    ]
    path = tmp_path / 'voc.py'
    path.write_text(f"""
_base_ = {[str(CONFIGS / name) for name in base]!r}
data_root = {str(devkit)!r}
small = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(64, 64), keep_ratio=False),
    dict(type='PackDetInputs'),
]
loader = dict(batch_size=10, num_workers=0, persistent_workers=False, dataset=dict(pipeline=small))
train_dataloader = val_dataloader = test_dataloader = loader
model = dict(
    backbone=dict(channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1)),
    bbox_head=dict(num_classes=20, in_channels=(16, 16, 16), anchor_generator=dict(input_size=64)),
)
train_cfg = dict(max_epochs=1)
evaluation = dict(interval=1, train_eval=6)
""")
    return path


def test_train_validate_resume_test(config, tmp_path, devkit):
    from mmholdout.runner.test import test
    from mmholdout.runner.train import train

    folder = tmp_path / 'work_dirs' / 'voc'
    train(str(config), work_dir=str(folder), device='cpu')
    train(
        str(config),
        work_dir=str(folder),
        device='cpu',
        resume='last',
        options=['train_cfg.max_epochs=2'],
    )
    lines = [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]
    assert [line['epoch'] for line in lines] == [1, 2]
    splits = json.loads((folder / 'splits.json').read_text())
    assert {name: split['num_images'] for name, split in splits.items()} == {
        'train': 40,
        'val': 20,
        'test': 12,
    }
    years = {i.split('/')[0] for i in splits['train']['ids']}
    assert years == {'VOC2007', 'VOC2012'}
    metrics = test(str(config), str(folder / 'checkpoints' / 'best_model.pth'), device='cpu')
    assert 0 <= metrics['test/mAP'] <= 1
    ledger = (folder.parent / 'test_ledger.jsonl').read_text().splitlines()
    assert len(ledger) == 2


def test_without_data_one_message_says_what_where_and_how(tmp_path, capsys):
    from mmholdout.cli.check_config import main

    root = tmp_path / 'nowhere'
    config = str(CONFIGS / 'ssd300_voc.py')
    assert main([config, '--cfg-options', f'data_root={root}']) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"error: data_root '{root}' is no folder")
    assert captured.err.count('error:') == 1
    for split in ('train', 'val', 'test'):
        assert f'VOC2007/ImageSets/Main/{split}.txt (list of {split})' in captured.err
    for word in ('VOC2012/JPEGImages/', 'VOCtest_06-Nov-2007.tar', '--cfg-options data_root='):
        assert word in captured.err
