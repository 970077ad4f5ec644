"""No guard is so noisy that people switch it off: clean configs on clean data start in silence."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from mmholdout.compat import be_quiet
from mmholdout.runner.train import train

ROOT = Path(__file__).parents[2]
DETECTORS = ROOT / 'tests' / 'integration' / 'detectors'
PRIOR_FREE = ('fcos', 'rtmdet', 'yolox')  # the others' priors are too small for 96 px, and say so
ADAM = "dict(_delete_=True, type='AdamW', lr=1e-3)"

# What each says beside the small sample config.
CONFIGS = {
    'as it is': '',
    'no early stop': 'custom_hooks = []',
    'one plateau': "custom_hooks = [dict(type='ReduceLROnPlateauHook', monitor='val/loss')]",
    'growing batch': "custom_hooks = [dict(type='IncreaseBatchSizeOnPlateauHook', monitor='F1')]",
    'selected by loss': "evaluation = dict(save_best='loss')",
    'selected by AP75': "evaluation = dict(metric=['AP75', 'recall'], save_best='AP75')",
    'a class decides': "evaluation = dict(save_best='AP/screw')",
    'interval in iterations': 'evaluation = dict(interval=2, by_epoch=False)',
    'validation begins late': 'evaluation = dict(begin=2)',
    'every second epoch': 'evaluation = dict(interval=2)',
    'no loss, no slice': 'evaluation = dict(loss=False, train_eval=0)',
    'other overlap': 'evaluation = dict(iou_thr=0.75)',
    'iterations': 'train_cfg = dict(_delete_=True, type="TrainLoop", max_iters=4)',
    'adam': f'optim_wrapper = dict(optimizer={ADAM})',
    'accumulation': 'optim_wrapper = dict(accumulative_counts=2)',
    'clipped by value': "optim_wrapper = dict(clip_grad=dict(_delete_=True, type='value', "
    'clip_value=1.0))',
    'no decay of biases': 'optim_wrapper = dict(paramwise_cfg=dict(bias_decay_mult=0.0))',
    'step schedule': "schedule = dict(_delete_=True, type='step', milestones=[1])",
    'poly with warm-up': "schedule = dict(_delete_=True, type='poly', warmup=dict(iters=2))",
    'constant rate': "schedule = dict(_delete_=True, type='constant')",
    'averaged': 'ema = True',
    'averaged later': 'ema = dict(begin=2, momentum=0.1, gamma=0)',
    'frozen stage': "freeze = ['backbone.stage1']",
    'another seed': 'randomness = dict(seed=7)',
    'numbered checkpoints': 'default_hooks = dict(checkpoint=dict(keep=2))',
    'two workers': 'train_dataloader = dict(num_workers=2, persistent_workers=True)',
    'eleven points': "val_evaluator = dict(type='VOCMetric', ap_mode='11points', "
    'legacy_pixel=True)',
    'difficult objects too': "train_dataloader = dict(dataset=dict(difficult='train'))",
    'without negatives': 'train_dataloader = dict(dataset=dict(filter_cfg='
    'dict(filter_empty_gt=True)))',
    'strict': 'train_dataloader = dict(dataset=dict(strict=True))',
    'val drawn from train': 'train_dataloader = dict(dataset=dict(part=dict(start=0, stop=0.8)))\n'
    "val_dataloader = dict(dataset=dict(ann_file='ImageSets/Main/train.txt', "
    'part=dict(start=0.8, stop=1)))',
}
SUSPICIOUS = re.compile(r'warn|refus|error|not found|cannot|ignored|overlap|duplicate', re.I)


def said_by(config, folder, capsys, **options):
    capsys.readouterr()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('default')
        warnings.filterwarnings('ignore', category=DeprecationWarning)
        be_quiet()
        train(str(config), work_dir=str(folder), device='cpu', **options)
    printed = capsys.readouterr()
    said = [*printed.out.splitlines(), *printed.err.splitlines()]
    mine = [f'{w.filename}: {w.message}' for w in caught]
    return [line for line in said if SUSPICIOUS.search(line) and not _clean(line)] + mine


def _clean(line):
    return line.startswith('No image is shared') or 'no near-duplicates' in line


@pytest.fixture
def clean_config(tmp_path, small_sample):
    """The sample's config, with fewer images, channels and epochs; gives its path."""

    def write(words):
        path = tmp_path / 'clean.py'
        path.write_text(
            f"""
_base_ = [{str(ROOT / 'configs' / 'ssdlite_sample.py')!r}]
data_root = {str(small_sample)!r}
model = dict(
    backbone=dict(channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1)),
    bbox_head=dict(in_channels=(16, 16, 16)),
)
train_dataloader = dict(batch_size=8, num_workers=0)
train_cfg = dict(max_epochs=2)
evaluation = dict(interval=1, train_eval=6)
{words}
"""
        )
        return path

    return write


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.parametrize('words', CONFIGS.values(), ids=CONFIGS.keys())
def test_a_clean_config_on_clean_data_starts_in_silence(words, clean_config, tmp_path, capsys):
    assert said_by(clean_config(words), tmp_path / 'run', capsys) == []


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.parametrize('name', PRIOR_FREE)
def test_so_does_every_detector(name, small_sample, tmp_path, capsys):
    said = said_by(
        DETECTORS / f'{name}.py',
        tmp_path / 'run',
        capsys,
        options=[f'data_root={small_sample}', 'train_cfg.max_epochs=1'],
    )
    assert said == []


def test_they_are_thirty():
    assert len(set(CONFIGS.values())) >= 30
