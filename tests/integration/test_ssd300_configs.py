"""SSD's configs, parameter by parameter against the paper and its Caffe scripts."""

from __future__ import annotations

import logging
import math
from pathlib import Path

import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.registry import DefaultScope
from torch import nn

from mmholdout.config.leaves import leaves
from mmholdout.config.load import load
from mmholdout.config.translate import translate
from mmholdout.models.vgg16_weights import weights_come_later
from mmholdout.registry import MODELS

CONFIGS = Path(__file__).resolve().parents[2] / 'configs'
ALL = ('ssd300_voc', 'ssd300_voc_minival', 'ssd512_voc', 'ssd300_bccd', 'ssd300_bn_bccd')
VOC = ('ssd300_voc', 'ssd300_voc_minival', 'ssd512_voc')
PAPER = 'Liu et al., SSD: Single Shot MultiBox Detector, ECCV 2016, arXiv:1512.02325v5'
CAFFE = 'weiliu89/caffe, branch ssd, examples/ssd/ssd_pascal.py'
HEAD, ANCHORS = 'model.bbox_head', 'model.bbox_head.anchor_generator'

TABLE = [
    ('train_dataloader.batch_size', 32, f'{PAPER}, section 3, Base network'),
    ('optim_wrapper.optimizer.type', 'SGD', f'{PAPER}, section 3, Base network'),
    ('optim_wrapper.optimizer.lr', 1e-3, f'{PAPER}, section 3, Base network'),
    ('optim_wrapper.optimizer.momentum', 0.9, f'{PAPER}, section 3, Base network'),
    ('optim_wrapper.optimizer.weight_decay', 5e-4, f'{PAPER}, section 3, Base network'),
    ('optim_wrapper.clip_grad', None, f'{CAFFE}, solver_param has no clip_gradients'),
    ('model.backbone.depth', 16, f'{PAPER}, section 3: VGG16'),
    ('model.backbone.init_cfg.type', 'VGG16Weights', f'{PAPER}, section 3: ILSVRC pre-training'),
    ('model.neck.l2_norm_scale', 20, f'{PAPER}, section 3.1: L2 normalisation of conv4_3'),
    (f'{HEAD}.num_classes', 20, f'{CAFFE}, num_classes 21 with the background'),
    (f'{ANCHORS}.input_size', 300, f'{CAFFE}, min_dim'),
    (f'{ANCHORS}.strides', [8, 16, 32, 64, 100, 300], f'{CAFFE}, steps'),
    (f'{ANCHORS}.ratios', [[2], [2, 3], [2, 3], [2, 3], [2], [2]], f'{CAFFE}, aspect_ratios'),
    (f'{ANCHORS}.min_sizes', [30, 60, 111, 162, 213, 264], f'{CAFFE}, min_sizes'),
    (f'{ANCHORS}.max_sizes', [60, 111, 162, 213, 264, 315], f'{CAFFE}, max_sizes'),
    (f'{HEAD}.bbox_coder.target_means', [0] * 4, f'{CAFFE}, CENTER_SIZE'),
    (f'{HEAD}.bbox_coder.target_stds', [0.1, 0.1, 0.2, 0.2], f'{CAFFE}, prior_variance'),
    ('model.train_cfg.assigner.pos_iou_thr', 0.5, f'{PAPER}, section 2.2, matching strategy'),
    ('model.train_cfg.assigner.neg_iou_thr', 0.5, f'{CAFFE}, neg_overlap'),
    ('model.train_cfg.assigner.min_pos_iou', 0, f'{PAPER}, section 2.2: best overlap always'),
    ('model.train_cfg.neg_pos_ratio', 3, f'{PAPER}, section 2.2, hard negative mining'),
    ('model.train_cfg.smoothl1_beta', 1, f'{PAPER}, section 2.2, equation 2'),
    ('model.test_cfg.score_thr', 0.01, f'{PAPER}, Inference time'),
    ('model.test_cfg.nms.iou_threshold', 0.45, f'{PAPER}, Inference time'),
    ('model.test_cfg.max_per_img', 200, f'{PAPER}, Inference time: top 200 per image'),
]
# Caffe's order and its distort_param, expand_param, batch_sampler and transform_param.
AUGMENTATION = [
    (
        'PhotoMetricDistortion',
        dict(
            brightness_delta=32,
            contrast_range=(0.5, 1.5),
            saturation_range=(0.5, 1.5),
            hue_delta=18,
        ),
    ),
    ('Expand', dict(ratio_range=(1, 4), prob=0.5, mean=[123.675, 116.28, 103.53], to_rgb=True)),
    ('MinIoURandomCrop', dict(min_ious=(0.1, 0.3, 0.5, 0.7, 0.9), min_crop_size=0.3)),
    ('Resize', dict(scale=(300, 300), keep_ratio=False)),
    ('RandomFlip', dict(prob=0.5)),
]


def config(name):
    return load(CONFIGS / f'{name}.py').cfg


def build(name):
    logging.disable(logging.CRITICAL)
    try:
        with DefaultScope.overwrite_default_scope('mmholdout'), weights_come_later():
            model = MODELS.build(ConfigDict(config(name)['model']))
            model.init_weights()
    finally:
        logging.disable(logging.NOTSET)
    return model.eval()


def head_shapes(model, side):
    """Of scores and deltas, without computing any."""
    model.to('meta')
    outs = model.bbox_head(model.extract_feat(torch.empty(1, 3, side, side, device='meta')))
    return [[tuple(out.shape[1:]) for out in kind] for kind in outs]


@pytest.mark.parametrize(('path', 'value', 'source'), TABLE, ids=[row[0] for row in TABLE])
def test_ssd300_voc_is_the_papers(path, value, source):
    node = config('ssd300_voc')
    for key in path.split('.'):
        node = node[key]
    assert node == value, source


def test_the_augmentation_is_the_papers_in_its_order():
    pipeline = config('ssd300_voc')['train_dataloader']['dataset']['pipeline']
    steps = [(step['type'], {k: v for k, v in step.items() if k != 'type'}) for step in pipeline]
    assert steps[2:-1] == AUGMENTATION
    assert [kind for kind, _ in (*steps[:2], steps[-1])] == [
        'LoadImageFromFile',
        'LoadAnnotations',
        'PackDetInputs',
    ]


@pytest.mark.parametrize(
    ('name', 'images'), [('ssd300_voc', 2501 + 5717), ('ssd300_voc_minival', 0.9 * (5011 + 11540))]
)
def test_training_is_as_long_as_the_papers(name, images):
    """120,000 iterations, as near as whole epochs come."""
    per_epoch = math.ceil(images / 32)
    assert config(name)['train_cfg']['max_epochs'] == round(120_000 / per_epoch)


@pytest.mark.parametrize('name', VOC)
def test_validation_steers_and_no_test_image_is_in_train_or_val(name):
    words = translate(config(name))
    lists = {}
    for split in ('train', 'val', 'test'):
        ((_, leaf),) = leaves(words, split)
        given, roots = leaf['ann_file'], leaf['data_prefix']['sub_data_root']
        given, roots = ([given], [roots]) if isinstance(given, str) else (given, roots)
        assert [path.split('/')[0] for path in given] == roots
        lists[split] = [(path, repr(leaf.get('part'))) for path in given]
        assert leaf['data_root'] == 'data/VOCdevkit'
    assert lists['test'] == [('VOC2007/ImageSets/Main/test.txt', 'None')]
    assert not set(lists['train']) & set(lists['val'])
    assert not any('test' in path for path, _ in lists['train'] + lists['val'])
    hooks = {hook['type']: hook for hook in config(name)['custom_hooks']}
    assert hooks['ReduceLROnPlateauHook'] == dict(
        type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=3
    )
    assert hooks['EarlyStoppingHook'] == dict(
        type='EarlyStoppingHook', monitor='mAP', patience=10, min_delta=1e-3
    )


def test_the_parts_of_minival_share_no_image_and_leave_none_out():
    cfg = config('ssd300_voc_minival')
    train, val = (cfg[f'{split}_dataloader']['dataset'] for split in ('train', 'val'))
    assert train['ann_file'] == val['ann_file']
    assert all('trainval' in path for path in train['ann_file'])
    assert train['part'] == dict(start=0, stop=0.9) and val['part'] == dict(start=0.9, stop=1)


@pytest.mark.parametrize('name', ALL)
def test_images_have_the_size_of_the_priors(name):
    cfg = config(name)
    size = cfg['model']['bbox_head']['anchor_generator']['input_size']
    for split in ('train', 'val', 'test'):
        steps = cfg[f'{split}_dataloader']['dataset']['pipeline']
        assert [s['scale'] for s in steps if s['type'] == 'Resize'] == [(size, size)]


@pytest.mark.parametrize(
    ('name', 'cells', 'priors'),
    [('ssd300_voc', (38, 19, 10, 5, 3, 1), 8732), ('ssd512_voc', (64, 32, 16, 8, 4, 2, 1), 24564)],
)
def test_the_network_is_the_papers(name, cells, priors):
    model = build(name)
    layers = list(model.backbone.features)
    pools = [m for m in layers if isinstance(m, nn.MaxPool2d)]
    assert [(p.kernel_size, p.stride) for p in pools] == [(2, 2)] * 4 + [(3, 1)]
    assert all(pool.ceil_mode for pool in pools[:4])  # 75 cells become 38
    fc6 = layers[31]
    assert (fc6.out_channels, fc6.kernel_size, fc6.dilation) == (1024, (3, 3), (6, 6))
    assert torch.equal(model.neck.l2_norm.weight, torch.full((512,), 20.0))
    side = config(name)['model']['bbox_head']['anchor_generator']['input_size']
    scores, deltas = head_shapes(model, side)
    assert [shape[-1] for shape in scores] == list(cells)
    assert sum(math.prod(shape) for shape in scores) == priors * 21
    assert sum(math.prod(shape) for shape in deltas) == priors * 4


def test_ssd300_bn_has_batch_norm_in_backbone_extra_layers_and_head():
    model = build('ssd300_bn_bccd')
    assert config('ssd300_bn_bccd')['optim_wrapper']['optimizer']['lr'] > 1e-3
    for part, count in ((model.backbone, 15), (model.neck, 8), (model.bbox_head, 12)):
        assert sum(isinstance(m, nn.BatchNorm2d) for m in part.modules()) == count
    assert sum(math.prod(shape) for shape in head_shapes(model, 300)[0]) == 8732 * 4
