"""`configs/ssd300_voc.py` on a stand-in of VOC, without weights and with small splits."""

import json
from pathlib import Path

import pytest
import torch

from mmholdout.runner.test import test as run_test
from mmholdout.runner.train import train
from mmholdout.sample.voc_stand_in import write_stand_in

CONFIG = str(Path(__file__).resolve().parents[2] / 'configs' / 'ssd300_voc.py')


@pytest.fixture
def devkit(tmp_path):
    """VOC2007 and VOC2012 with one or two images in each list: SSD300 takes seconds an image."""
    folder = tmp_path / 'VOCdevkit'
    write_stand_in(folder)
    for path in folder.glob('*/ImageSets/Main/*.txt'):
        path.write_text(''.join(path.read_text().splitlines(keepends=True)[:1]))
    return folder


def test_it_trains_validates_resumes_and_tests(devkit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def options(epochs):
        return [
            f'data_root={devkit.as_posix()}',
            'model.backbone.init_cfg=None',
            'train_dataloader.batch_size=2',
            'evaluation.train_eval=1',
            f'train_cfg.max_epochs={epochs}',
            *(
                f'{split}_dataloader.{word}'
                for split in ('train', 'val', 'test')
                for word in ('num_workers=0', 'persistent_workers=False')
            ),
        ]

    train(CONFIG, options=options(1))
    summary = train(CONFIG, options=options(2), resume='last')
    assert summary['stopped_epoch'] == 2
    run = tmp_path / 'work_dirs' / 'ssd300_voc'
    rows = [json.loads(line) for line in (run / 'history.jsonl').read_text().splitlines()]
    assert [row['epoch'] for row in rows] == [1, 2]
    assert all({'val/mAP', 'val/loss', 'train_eval/loss', 'train/loss'} <= set(r) for r in rows)
    best = run / 'checkpoints' / 'best_model.pth'
    assert len(torch.load(best, weights_only=True)['meta']['classes']) == 20
    assert 0 <= run_test(CONFIG, str(best), options=options(2))['test/mAP'] <= 1
    assert json.loads((run / 'splits.json').read_text())['train']['num_images'] == 2
