"""Whole configs: twelve in 2.x style, and everything that cannot be said at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmholdout.config.check import check
from mmholdout.config.from_mmdet.apply import from_mmdet
from mmholdout.config.from_mmdet.words import FOREIGN
from mmholdout.config.load import load
from mmholdout.config.origin import Origins
from mmholdout.config.translate import translate

TWO_X = sorted((Path(__file__).parent / 'two_x').glob('*.py'))
# What is particular to each: key path -> value after the translation.
EXPECTED = {
    'faster_rcnn_old_places': {
        'model.test_cfg.rcnn.nms': {'type': 'nms', 'iou_threshold': 0.5},
        'train_cfg.max_epochs': 12,
    },
    'retinanet_coco_numbers': {
        'evaluation': {'interval': 1, 'metric': 'coco', 'save_best': 'coco_AP50', 'begin': 3},
        'optim_wrapper.type': 'AmpOptimWrapper',
        'default_hooks.console.interval': 10,
    },
    'retinanet_constant_warmup': {
        'optim_wrapper.paramwise_cfg': {'bias_lr_mult': 2.0, 'bias_decay_mult': 0.0},
        'optim_wrapper.loss_scale': 512.0,
    },
    'retinanet_cosine': {
        'schedule': {
            'type': 'cosine',
            'min_factor': 0.01,
            'warmup': {'iters': 100, 'start_factor': 0.1},
        },
        'optim_wrapper.clip_grad': {'max_norm': 35, 'norm_type': 2},
        'model.backbone.init_cfg.checkpoint': 'torchvision://resnet18',
    },
    'ssd_exp_warmup': {'optim_wrapper.accumulative_counts': 4},
    'ssd_iterations': {
        'train_cfg': {'max_iters': 400},
        'evaluation': {'interval': 100, 'metric': 'mAP', 'by_epoch': False},
    },
    'ssd_lists': {
        'train_cfg.max_epochs': 10,
        'train_dataloader.dataset.ann_file': ['2023/train.txt', '2024/train.txt'],
        'train_dataloader.dataset.data_prefix': {'sub_data_root': ['2023', '2024']},
        'train_dataloader.dataset.filter_cfg': {
            'filter_empty_gt': False,
            'min_size': 32,
            'bbox_min_size': 4,
        },
        'train_dataloader.num_workers': 2,
        'val_dataloader.batch_size': 2,
        'test_dataloader.batch_size': 1,
        'randomness': {'seed': 3, 'deterministic': True},
    },
    'ssd_plateau': {
        'ema': {'momentum': 0.0001, 'gamma': 2000},
        'custom_hooks.0.min_scale': 1e-5 / 0.02,
        'train_dataloader.dataset.datasets.1.ann_file': 'ImageSets/Main/more.txt',
    },
    'ssd_poly_scales': {
        'schedule': {'type': 'poly', 'power': 0.9, 'min_factor': 1e-4 / 0.02, 'by_epoch': False},
        'evaluation.loss': True,
    },
    'ssd_repeated': {
        'train_cfg.max_epochs': 60,
        'evaluation': {'interval': 10, 'metric': 'mAP', 'save_best': 'mAP'},
        'default_hooks.checkpoint': {'save_every': 10, 'keep': 3},
        'schedule.milestones': [40, 55],
        'model.data_preprocessor.std': [1, 1, 1],
    },
    'ssd_step': {
        'data_root': 'data/pets/',
        'train_dataloader.dataset.ann_file': 'ImageSets/Main/train.txt',
        'train_dataloader.dataset.data_prefix': {'sub_data_root': ''},
        'model.data_preprocessor.pad_size_divisor': 32,
        'schedule.warmup': {'iters': 500, 'start_factor': 0.001},
    },
    'yolox_mosaic': {
        'model.data_preprocessor.batch_augments.0.random_size_range': (96, 160),
        'train_dataloader.dataset.pipeline.0.img_scale': (128, 96),
    },
}


@pytest.mark.parametrize('path', TWO_X, ids=lambda p: p.stem)
def test_a_config_in_2x_style_is_correct_once_translated(path):
    loaded = load(path)
    check(loaded, translate(loaded.cfg))
    assert not FOREIGN & loaded.cfg.keys()
    for dotted, value in EXPECTED[path.stem].items():
        found = loaded.cfg
        for key in dotted.split('.'):
            found = found[int(key)] if isinstance(found, list) else found[key]
        assert found == value, dotted
    assert len(set(loaded.translated)) == len(loaded.translated) > 20


def test_there_are_twelve():
    assert {path.stem for path in TWO_X} == set(EXPECTED) and len(TWO_X) == 12


def test_what_has_no_counterpart_is_refused_all_at_once(tmp_path):
    config = tmp_path / 'c.py'
    config.write_text(
        f'_base_ = {str(TWO_X[0].parent / "ssd_step.py")!r}\n'
        "lr_config = dict(_delete_=True, policy='cyclic')\n"
        "momentum_config = dict(policy='cyclic')\n"
        "resume_from = 'a.pth'\n"
        "evaluation = dict(metric='segm')\n"
        "runner = dict(type='MyRunner')\n"
        "data = dict(train=dict(type='CityscapesDataset'), shuffle_all=True)\n"
    )
    loaded = load(config)
    said = {'.'.join(map(str, path)): text for path, text in loaded.refused}
    assert list(said) == [
        'data.shuffle_all',
        'runner.type',
        'resume_from',
        'evaluation.metric',
        'train_dataloader.dataset.type',
        'momentum_config',
        'lr_config.policy',
    ]
    with pytest.raises(Exception, match=r'c\.py:5\): .segm') as caught:
        check(loaded, translate(loaded.cfg))
    assert all(text in '\n'.join(caught.value.problems) for text in said.values())


def test_words_of_this_package_go_through_unchanged():
    cfg = {
        'model': {'type': 'SSD'},
        'evaluation': {'interval': 2, 'metric': ['mAP', 'coco']},
        'custom_hooks': [{'type': 'EarlyStoppingHook', 'monitor': 'mAP', 'patience': 3}],
        'schedule': {'type': 'step', 'milestones': [3]},
        'val_evaluator': {'type': 'VOCMetric', 'ap_mode': '11points'},
        'train_cfg': {'type': 'TrainLoop', 'max_epochs': 3},
    }
    r = from_mmdet(cfg, Origins())
    assert r.cfg == cfg and not r.said and not r.refused
