"""The whole job with every detector that is named as supported, made small: 96 px, two epochs.

A further one takes a file in `detectors`, and nothing else. That their validation loss is the
training loss, and their predictions those of mmdet, is in
tests/models/test_loss_and_predictions.py, on the same models.
"""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import cv2
import pytest
import torch

from mmholdout.config.load import load
from mmholdout.runner.predict import predict
from mmholdout.runner.train import train

CONFIGS = Path(__file__).parent / 'detectors'
DETECTORS = sorted(path.stem for path in CONFIGS.glob('*.py') if path.stem != 'common')
ONE_CLASS = 'screw'
OTHERS = ('nut', 'washer', 'battery')


@pytest.fixture(scope='module', params=DETECTORS)
def trained(request, small_sample, tmp_path_factory):
    """A run of two epochs: its detector's name, config options and folder."""
    folder = tmp_path_factory.mktemp(request.param) / 'whole'
    run = SimpleNamespace(
        name=request.param,
        config=str(CONFIGS / f'{request.param}.py'),
        options=[f'data_root={small_sample}'],
        folder=folder,
    )
    hooks = load(run.config).cfg['custom_hooks']
    run.switches = any('Switch' in hook['type'] for hook in hooks)
    train(run.config, options=run.options, work_dir=str(folder), device='cpu')
    return run


def rows_of(folder):
    rows = [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]
    return [{k: v for k, v in row.items() if 'seconds' not in k} for row in rows]


def model_of(name):
    return load(CONFIGS / f'{name}.py').cfg['model']


def heads_of(part):
    """The parts of a model that count classes, wherever they are."""
    if isinstance(part, dict):
        if 'num_classes' in part:
            yield part
        for inner in part.values():
            yield from heads_of(inner)


def of_one_class(part):
    """What a child config says, so that each head has one class; {} where there is none."""
    own = {'num_classes': 1} if 'num_classes' in part else {}
    inner = {k: of_one_class(v) for k, v in part.items() if isinstance(v, dict)}
    return own | {k: v for k, v in inner.items() if v}


def weights_of(folder):
    return torch.load(folder / 'checkpoints' / 'last.pth', weights_only=True)['state_dict']


def test_there_is_one_for_each_detector_that_is_named():
    heads = {head['type'] for name in DETECTORS for head in heads_of(model_of(name))}
    assert heads >= {
        *('SSDHead', 'YOLOV3Head', 'YOLOXHead', 'RetinaHead', 'FCOSHead', 'ATSSHead'),
        *('RTMDetSepBNHead', 'Shared2FCBBoxHead'),
    }


def test_two_epochs_are_trained_validated_and_selected(trained):
    rows = rows_of(trained.folder)
    assert [row['epoch'] for row in rows] == [1, 2]
    for row in rows:
        for split in ('train', 'val', 'train_eval'):
            assert 0 < row[f'{split}/loss'] < math.inf
        assert 0 <= row['val/mAP'] <= 1
        assert 0 <= row['train_eval/mAP'] <= 1
        parts = [v for k, v in row.items() if k.startswith('val/') and 'loss' in k]
        assert sum(parts) == pytest.approx(2 * row['val/loss'], rel=1e-6)  # the sum is among them
    if not trained.switches:  # other samples and terms are not to be compared
        assert rows[1]['train/loss'] < rows[0]['train/loss']
    summary = json.loads((trained.folder / 'summary.json').read_text())
    best = max(rows, key=lambda row: row['val/mAP'])  # the first of equals
    assert summary['best_epoch'] == best['epoch']
    assert (trained.folder / 'checkpoints' / 'best_model.pth').exists()


def test_resumed_after_one_epoch_is_as_if_uninterrupted(trained):
    part = trained.folder.with_name('part')
    train(
        trained.config,
        options=trained.options,
        work_dir=str(part),
        device='cpu',
        resume=str(trained.folder / 'checkpoints' / 'last.prev.pth'),  # the end of epoch 1
    )
    whole, resumed = weights_of(trained.folder), weights_of(part)
    assert whole.keys() == resumed.keys()
    assert [key for key in whole if not torch.equal(whole[key], resumed[key])] == []
    assert rows_of(part)[-1] == rows_of(trained.folder)[-1]


def test_it_predicts_an_image(trained, small_sample, tmp_path):
    image = min((small_sample / 'JPEGImages').iterdir())
    best = trained.folder / 'checkpoints' / 'best_model.pth'
    (drawn,) = predict(str(best), [str(image)], out_dir=str(tmp_path), score_thr=0.0, device='cpu')
    assert cv2.imread(str(drawn)).shape == cv2.imread(str(image)).shape
    assert (cv2.imread(str(drawn)) != cv2.imread(str(image))).any()


@pytest.fixture(scope='module')
def hard_sample(small_sample, tmp_path_factory):
    """One class. Per split, a batch of images without objects, then one with some and without."""
    folder = tmp_path_factory.mktemp('hard') / 'sample'
    shutil.copytree(small_sample, folder)
    for split in ('train', 'val'):
        path = folder / 'ImageSets' / 'Main' / f'{split}.txt'
        ids = path.read_text().split()[:8]
        path.write_text('\n'.join(ids) + '\n')
        for i in ids[:5]:
            annotation = folder / 'Annotations' / f'{i}.xml'
            text = annotation.read_text()
            annotation.write_text(re.sub('<object>.*</object>', '', text, flags=re.DOTALL))
    return folder


def test_one_class_and_batches_without_objects(trained, hard_sample, tmp_path):
    words = load(trained.config).cfg
    one_class = dict(metainfo=dict(classes=(ONE_CLASS,)), ignore_classes=OTHERS)
    wrapped = 'dataset' in words['train_dataloader']['dataset']  # by what mixes images
    config = tmp_path / 'one_class.py'
    config.write_text(f"""\
_base_ = [{trained.config!r}]
data_root = {str(hard_sample)!r}
model = {of_one_class(words['model'])}
one_class = {one_class}
train = {'dict(dataset=one_class)' if wrapped else 'one_class'}
train_dataloader = dict(sampler=dict(shuffle=False), dataset=train)
val_dataloader = test_dataloader = dict(dataset=one_class)
train_cfg = dict(max_epochs=1)
""")
    folder = tmp_path / 'run'
    train(str(config), work_dir=str(folder), device='cpu')  # refuses a loss that is not finite
    (row,) = rows_of(folder)
    for key, value in row.items():
        if 'loss' in key:
            assert 0 <= value < math.inf, key
    assert 0 <= row['val/mAP'] <= 1
