from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BASE = """
model = dict(
    type='SingleStageDetector',
    backbone=dict(type='MobileNetV2', out_indices=(4, 7), norm_cfg=dict(type='BN')),
    neck=dict(type='SSDNeck', in_channels=(96, 1280), out_channels=(96, 1280),
              level_strides=(), level_paddings=(), l2_norm_scale=None),
    bbox_head=dict(
        type='SSDHead',
        in_channels=(96, 1280),
        num_classes=2,
        anchor_generator=dict(type='SSDAnchorGenerator', strides=[16, 32], ratios=[[2], [2]],
                              min_sizes=[48, 100], max_sizes=[100, 150])),
    train_cfg=dict(assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.5),
                   sampler=dict(type='PseudoSampler'), smoothl1_beta=1.0, allowed_border=-1,
                   pos_weight=-1, neg_pos_ratio=3, debug=False),
    test_cfg=dict(nms_pre=1000, nms=dict(type='nms', iou_threshold=0.45), score_thr=0.02))
data_root = 'data/base'
input_size = 320
pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(input_size, input_size), keep_ratio=False),
    dict(type='PackDetInputs'),
]
train_dataloader = dict(
    batch_size=4,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(type='VOCDataset', ann_file='train.txt', data_prefix=dict(sub_data_root=''),
                 metainfo=dict(classes=('cat', 'dog')), pipeline=pipeline))
val_dataloader = dict(
    batch_size=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(type='VOCDataset', ann_file='val.txt', data_prefix=dict(sub_data_root=''),
                 metainfo=dict(classes=('cat', 'dog')), test_mode=True, pipeline=pipeline))
test_dataloader = dict(
    batch_size=4,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(type='VOCDataset', ann_file='test.txt', data_prefix=dict(sub_data_root=''),
                 metainfo=dict(classes=('cat', 'dog')), test_mode=True, pipeline=pipeline))
train_cfg = dict(type='TrainLoop', max_epochs=12)
evaluation = dict(interval=1, metric='mAP', save_best='mAP', train_eval=10)
optim_wrapper = dict(type='OptimWrapper', optimizer=dict(type='SGD', lr=0.01, momentum=0.9))
schedule = dict(type='constant', warmup=dict(iters=100, start_factor=0.1))
default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_every=1))
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=3),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=10),
]
"""
Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file into a fresh folder, which becomes the current one."""
    monkeypatch.chdir(tmp_path)

    def write_one(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding='utf-8')
        return path

    return write_one


@pytest.fixture
def base_text() -> str:
    """A whole and correct config."""
    return BASE


@pytest.fixture
def child(write: Write) -> Callable[..., Any]:
    """Load a child of the correct config."""
    from mmholdout.config.load import load

    def load_child(text: str = '', *options: str) -> Any:
        write('base.py', BASE)
        return load(write('child.py', "_base_ = './base.py'\n" + textwrap.dedent(text)), options)

    return load_child


@pytest.fixture
def problems_of(child: Callable[..., Any]) -> Callable[..., list[str]]:
    """What the check says against a child; [] where it is content."""
    from mmholdout.config.check import check
    from mmholdout.config.translate import translate
    from mmholdout.errors import ConfigError

    def problems(text: str = '', *options: str) -> list[str]:
        loaded = child(text, *options)
        try:
            check(loaded, translate(loaded.cfg))
        except ConfigError as error:
            return list(error.problems)
        return []

    return problems
