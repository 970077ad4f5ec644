"""Detectors small enough for tests, and batches for them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config, ConfigDict
from mmengine.registry import DefaultScope
from torch import nn

from mmholdout.registry import MODELS

CONFIGS = Path(__file__).parents[2] / 'configs' / '_base_' / 'models'
WIDTHS = (8, 8, 16, 16, 16)
PREPROCESSOR = dict(
    type='DetDataPreprocessor', mean=[114.0] * 3, std=[58.0] * 3, pad_size_divisor=1
)
NMS = dict(nms=dict(type='nms', iou_threshold=0.5), score_thr=0.01, max_per_img=50)
ASSIGNER = dict(type='MaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.4, min_pos_iou=0)


@pytest.fixture(autouse=True)
def scope() -> Iterator[None]:
    with DefaultScope.overwrite_default_scope('mmholdout'):
        yield


@pytest.fixture
def build() -> Callable[..., nn.Module]:
    """A detector in eval mode whose head gives scores worth ranking."""

    def build_detector(cfg: dict[str, Any], seed: int = 0) -> nn.Module:
        torch.manual_seed(seed)
        model = MODELS.build(ConfigDict(cfg))
        logging.disable(logging.CRITICAL)
        try:
            model.init_weights()
        finally:
            logging.disable(logging.NOTSET)
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):  # not the identity
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.normal_(module.bias, std=0.1)
        return model.eval()

    return build_detector


@pytest.fixture
def model_config() -> Callable[..., ConfigDict]:
    """The model of one of our base configs, `mini` (64 px) or by its stem."""

    def read(name: str = 'mini', **head: Any) -> ConfigDict:
        cfg = Config.fromfile(CONFIGS / f'{"ssd_tiny" if name == "mini" else name}.py')
        if name == 'mini':
            cfg.model.backbone.update(channels=WIDTHS)
            cfg.model.bbox_head.update(in_channels=WIDTHS[2:])
        cfg.model.bbox_head.update(head)
        return cfg.model

    return read


@pytest.fixture
def batch() -> Callable[..., dict[str, Any]]:
    """What a data loader gives: images (3, size, size), samples with boxes; some are empty."""
    from mmdet.structures import DetDataSample
    from mmengine.structures import InstanceData

    def make(count: int, size: Any = 64, classes: int = 4, seed: int = 0) -> dict[str, Any]:
        generator = torch.Generator().manual_seed(seed)
        images, samples = [], []
        for index in range(count):
            height, width = size[index] if isinstance(size, list) else (size, size)
            boxes = (index * 2 + seed) % 5  # 0, 2, 4, 1, 3
            corner = torch.rand(boxes, 2, generator=generator) * 30
            extent = torch.rand(boxes, 2, generator=generator) * 25 + 6
            images.append(
                torch.randint(0, 256, (3, height, width), generator=generator, dtype=torch.uint8)
            )
            sample = DetDataSample(
                metainfo=dict(
                    img_id=index,
                    img_shape=(height, width),
                    ori_shape=(2 * height, 2 * width),
                    scale_factor=(0.5, 0.5),
                )
            )
            sample.gt_instances = InstanceData(
                bboxes=torch.cat([corner, corner + extent], 1),
                labels=torch.randint(0, classes, (boxes,), generator=generator),
            )
            sample.ignored_instances = InstanceData(
                bboxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.int64)
            )
            samples.append(sample)
        return dict(inputs=images, data_samples=samples)

    return make


def _detector(kind: str, head: dict[str, Any], train: Any = None, **extra: Any) -> dict[str, Any]:
    return dict(
        type=kind,
        data_preprocessor=PREPROCESSOR,
        backbone=dict(type='PlainConvNet', channels=WIDTHS, depths=(1, 1, 1, 1, 1)),
        neck=dict(type='FPN', in_channels=list(WIDTHS[2:]), out_channels=16, num_outs=3),
        bbox_head=dict(num_classes=4, **head),
        train_cfg=train,
        test_cfg=dict(nms_pre=100, min_bbox_size=0, **NMS),
        **extra,
    )


@pytest.fixture
def other_detectors() -> dict[str, dict[str, Any]]:
    """Single-stage detectors of mmdet that need no operator but NMS."""
    coder = dict(
        type='DeltaXYWHBBoxCoder', target_means=[0.0] * 4, target_stds=[0.1, 0.1, 0.2, 0.2]
    )
    anchors = dict(
        type='AnchorGenerator',
        octave_base_scale=2,
        scales_per_octave=1,
        ratios=[1.0],
        strides=[8, 16, 32],
    )
    conv = dict(in_channels=16, feat_channels=16, stacked_convs=1)
    ranges = ((-1, 16), (16, 32), (32, 1e8))
    norm = dict(norm_cfg=dict(type='GN', num_groups=4))
    fcos = dict(type='FCOSHead', strides=[8, 16, 32], regress_ranges=ranges, **norm, **conv)
    rest = dict(allowed_border=-1, pos_weight=-1, debug=False)
    yolox = _detector(
        'YOLOX',
        dict(type='YOLOXHead', in_channels=16, feat_channels=16, stacked_convs=1),
        dict(assigner=dict(type='SimOTAAssigner', center_radius=2.5)),
    )
    yolov3 = _detector(
        'YOLOV3',
        dict(
            type='YOLOV3Head',
            in_channels=[16, 16, 16],
            out_channels=[16, 16, 16],
            featmap_strides=[8, 16, 32],
            anchor_generator=dict(
                type='YOLOAnchorGenerator',
                base_sizes=[[(10, 13)], [(20, 23)], [(40, 40)]],
                strides=[8, 16, 32],
            ),
            bbox_coder=dict(type='YOLOBBoxCoder'),
        ),
        dict(assigner=dict(type='GridAssigner', pos_iou_thr=0.5, neg_iou_thr=0.5, min_pos_iou=0)),
    )
    yolov3['test_cfg'].update(conf_thr=0.005)
    yolox['test_cfg'].update(score_thr=1e-5)
    atss_anchors = {**anchors, 'octave_base_scale': 4}
    return {
        'RetinaNet': _detector(
            'RetinaNet',
            dict(type='RetinaHead', anchor_generator=anchors, bbox_coder=coder, **conv),
            dict(assigner=ASSIGNER, sampler=dict(type='PseudoSampler'), **rest),
        ),
        'FCOS': _detector('FCOS', fcos),
        'ATSS': _detector(
            'ATSS',
            dict(
                type='ATSSHead',
                anchor_generator=atss_anchors,
                bbox_coder=coder,
                reg_decoded_bbox=True,
                loss_bbox=dict(type='GIoULoss', loss_weight=2.0),
                **norm,
                **conv,
            ),
            dict(assigner=dict(type='ATSSAssigner', topk=3), **rest),
        ),
        'YOLOV3': yolov3,
        'YOLOX': yolox,
    }
