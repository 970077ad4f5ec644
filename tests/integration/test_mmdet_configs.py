"""Configs as mmdet's users have them: they run, and stock ones are said what they lack."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from mmholdout.cli import check_config

SAMPLE = "('screw', 'nut', 'washer', 'battery')"
MODEL = """
model = dict(
    type='SingleStageDetector',
    backbone=dict(type='PlainConvNet', channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1),
                  out_indices=(2, 3, 4)),
    bbox_head=dict(
        type='SSDHead', in_channels=(16, 16, 16), num_classes=4,
        anchor_generator=dict(
            type='SSDAnchorGenerator', scale_major=False, input_size=64, strides=[8, 16, 32],
            ratios=[[2], [2, 3], [2, 3]], min_sizes=[16, 36, 72], max_sizes=[36, 72, 144])),
    train_cfg=dict(
        assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.5, min_pos_iou=0.),
        sampler=dict(type='PseudoSampler'), smoothl1_beta=1., allowed_border=-1, pos_weight=-1,
        neg_pos_ratio=3, debug=False),
    test_cfg=dict(nms_pre=100, nms=dict(type='nms', iou_threshold=0.45), score_thr=0.02,
                  max_per_img=50))
"""
COLOURS = """
model['data_preprocessor'] = dict(
    type='DetDataPreprocessor', mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375],
    bgr_to_rgb=True, pad_size_divisor=1)
"""
TWO_X = """
data_root = {root!r}
classes = {classes}
norm = dict(mean=[123.675, 116.28, 103.53], std=[58.395, 57.12, 57.375], to_rgb=True)
train_pipeline = [
    dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', img_scale=(64, 64), keep_ratio=False),
    dict(type='RandomFlip', flip_ratio=0.5), dict(type='Normalize', **norm),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels'])]
test_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='MultiScaleFlipAug', img_scale=(64, 64), flip=False, transforms=[
        dict(type='Resize', keep_ratio=False), dict(type='Normalize', **norm),
        dict(type='ImageToTensor', keys=['img']), dict(type='Collect', keys=['img'])])]
one = dict(type='VOCDataset', classes=classes, img_prefix=data_root + '/')
data = dict(
    samples_per_gpu=8, workers_per_gpu=0,
    train=dict(type='RepeatDataset', times=2, dataset=dict(
        one, ann_file=data_root + '/ImageSets/Main/train.txt', pipeline=train_pipeline)),
    val=dict(one, ann_file=data_root + '/ImageSets/Main/val.txt', pipeline=test_pipeline),
    test=dict(one, ann_file=data_root + '/ImageSets/Main/test.txt', pipeline=test_pipeline))
optimizer = dict(type='SGD', lr=0.01, momentum=0.9, weight_decay=0.0005)
optimizer_config = dict(grad_clip=dict(max_norm=10))
lr_config = dict(policy='step', warmup='constant', warmup_iters=2, warmup_ratio=0.5, step=[1])
runner = dict(type='EpochBasedRunner', max_epochs=1)
checkpoint_config = dict(interval=1)
log_config = dict(interval=50, hooks=[dict(type='TextLoggerHook')])
evaluation = dict(interval=1, metric='mAP', save_best='auto')
workflow = [('train', 1)]
load_from = None
resume_from = None
"""
STOCK = """
_base_ = ['mmdet::_base_/datasets/voc0712.py', 'mmdet::_base_/schedules/schedule_1x.py',
          'mmdet::_base_/default_runtime.py']
meta = dict(classes={classes})
pipeline = [
    dict(type='LoadImageFromFile'), dict(type='Resize', scale=(64, 64), keep_ratio=False),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='PackDetInputs', meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape',
                                          'scale_factor'))]
def split(name, **more):
    return dict(type='VOCDataset', data_root={root!r}, ann_file=f'ImageSets/Main/{{name}}.txt',
                data_prefix=dict(sub_data_root=''), metainfo=meta, pipeline=pipeline, **more)
train_dataloader = dict(batch_size=8, num_workers=0, persistent_workers=False,
                        dataset=dict(_delete_=True, **split('train')))
val_dataloader = dict(batch_size=5, num_workers=0, persistent_workers=False,
                      dataset=dict(_delete_=True, **split('val', test_mode=True)))
test_dataloader = dict(batch_size=5, num_workers=0, persistent_workers=False,
                       dataset=dict(_delete_=True, **split('test', test_mode=True)))
train_cfg = dict(max_epochs=1)
"""


def written(tmp_path, text, root):
    path = tmp_path / 'style.py'
    body = text.format(root=str(root), classes=SAMPLE)
    path.write_text(dedent(body) + MODEL + ('' if text is TWO_X else COLOURS))
    return path


@pytest.mark.guarantee
@pytest.mark.parametrize(
    ('text', 'lines', 'rates'),
    [
        (
            TWO_X,
            ['data.samples_per_gpu = 8 -> train_dataloader.batch_size = 8'],
            # two passes of three iterations; the step comes after what was one epoch
            {1: 0.01, 2: 0.01},
        ),
        (
            STOCK,
            ["train_cfg.type = 'EpochBasedTrainLoop' -> train_cfg.type = 'TrainLoop'"],
            {1: 0.02 * (0.001 + 0.999 * 2 / 499)},
        ),
    ],
    ids=['2.x', '3.x'],
)
def test_it_trains_and_resumes(tmp_path, small_sample, capsys, text, lines, rates):
    from mmholdout.config.dump import read_dump
    from mmholdout.config.load import load
    from mmholdout.history.jsonl import History
    from mmholdout.runner.train import train

    config, folder = written(tmp_path, text, small_sample), tmp_path / 'run'
    train(str(config), work_dir=str(folder), device='cpu')
    printed = capsys.readouterr().out
    for line in lines:
        assert printed.count(line) == 1
    rows = History(folder / 'history.jsonl').rows
    assert {row['epoch']: row['lr'] for row in rows} == pytest.approx(rates)
    assert all('val/loss' in row and 'val/mAP' in row for row in rows if row['epoch'] == len(rates))
    # the config of the run is the translated one: it says the same and needs no translation
    resolved = read_dump(folder / 'config.py')
    assert resolved == load(config).cfg and 'schedule' in resolved
    assert load(folder / 'config.py').cfg == resolved and not load(folder / 'config.py').translated
    more = [f'train_cfg.max_epochs={len(rates) + 1}']
    train(str(config), work_dir=str(folder), device='cpu', resume='last', options=more)
    assert len(History(folder / 'history.jsonl').rows) == len(rates) + 1
    from mmholdout.runner.verify import verify_run

    assert not verify_run(folder).problems


SAME = r'test must not be val; .* Three lines'
LVIS = r'LVISV1Dataset of mmdet is not read here'
# Stock config -> what is said of it, one pattern for each problem. `with_test` parts val from test.
TABLE = {
    'ssd/ssd300_coco': [SAME],
    'ssd/ssdlite_mobilenetv2-scratch_8xb24-600e_coco': [SAME],
    'pascal_voc/ssd300_voc0712': [SAME],
    'pascal_voc/ssd512_voc0712': [SAME],
    'pascal_voc/faster-rcnn_r50_fpn_1x_voc0712': [SAME],
    'pascal_voc/faster-rcnn_r50-caffe-c4_ms-18k_voc0712': [SAME],
    'yolo/yolov3_mobilenetv2_8xb24-ms-416-300e_coco': [SAME],
    'yolox/yolox_tiny_8xb8-300e_coco': [SAME],
    'retinanet/retinanet_r50_fpn_1x_coco': [SAME],
    'fcos/fcos_r50-caffe_fpn_gn-head_1x_coco': [SAME],
    'atss/atss_r50_fpn_1x_coco': [SAME],
    'rtmdet/rtmdet_tiny_8xb32-300e_coco': [SAME],
    'mask_rcnn/mask-rcnn_r50_fpn_1x_coco': ["'segm': there are no instance masks", SAME],
    'lvis/mask-rcnn_r50_fpn_sample1e-3_ms-1x_lvis-v1': [
        r'val_evaluator .*LVISMetric.*evaluation=dict\(metric=.coco.\)',
        r'test_evaluator .*LVISMetric',
        *([LVIS] * 3),
        SAME,
    ],
}
PASSES = [name for name, problems in TABLE.items() if problems == [SAME]]


def checked(tmp_path, text, capsys):
    path = tmp_path / 'stock.py'
    path.write_text(text)
    code = check_config.main([str(path), '--no-data'])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize('name', TABLE)
def test_as_it_is_it_is_refused_for_its_test_split(tmp_path, capsys, name):
    code, _, said = checked(tmp_path, f"_base_ = 'mmdet::{name}.py'\n", capsys)
    assert code == 2
    problems = re.split(r'\n  \d+\. ', said) if said.count('\n  2. ') else [said]
    problems = [p for p in problems if not re.search(r'^(.*: )?\d+ problems:$', p.strip())]
    assert len(problems) == len(TABLE[name]), said
    for problem, pattern in zip(problems, TABLE[name], strict=True):
        assert re.search(pattern, ' '.join(problem.split())), problem


@pytest.mark.parametrize('name', PASSES)
def test_with_a_test_split_of_its_own_it_passes(tmp_path, capsys, name):
    text = f"_base_ = 'mmdet::{name}.py'\ntest_dataloader = dict(dataset=dict(ann_file='own'))\n"
    code, plan, said = checked(tmp_path, text, capsys)
    assert code == 0, said
    assert 'param_scheduler = ' in plan and '-> schedule = ' in plan


def test_there_are_ten_and_more():
    assert len(PASSES) >= 10 and len(TABLE) > len(PASSES)
