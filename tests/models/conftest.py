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
DETECTORS = Path(__file__).parents[1] / 'integration' / 'detectors'
WIDTHS = (8, 8, 16, 16, 16)


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


@pytest.fixture
def detector_config() -> Callable[[str], ConfigDict]:
    """The model of one of the small detectors, which tests/integration trains: 'fcos'."""

    def read(name: str) -> ConfigDict:
        return Config.fromfile(DETECTORS / f'{name}.py').model

    return read


DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.uint8)


def _single_changes():
    for dtype in (*DTYPES, torch.bool):
        for size in (1, 2, 3, 5, 1000):
            for place in sorted({0, size // 2, size - 1}):
                changed = torch.zeros(size, dtype=dtype)
                changed[place] = 1
                name = f'{str(dtype)[6:]}, {place} of {size}'
                yield pytest.param((torch.zeros(size, dtype=dtype), changed), id=name)


def _by_hand():
    rising = torch.arange(6.0)
    yield pytest.param((rising, rising.flip(0)), id='another order')
    yield pytest.param((torch.zeros(4), torch.ones(4)), id='an even number of the same')
    signs = torch.tensor([1.0, -1.0])
    yield pytest.param((signs, -signs), id='two signs')
    bytes_ = torch.arange(9, dtype=torch.uint8)
    changed = bytes_.clone()
    changed[7] = 0
    yield pytest.param((bytes_[1:8], changed[1:8]), id='a view that begins at an odd byte')
    yield pytest.param((torch.tensor(3.0), torch.tensor(4.0)), id='no dimension')


@pytest.fixture(params=(*_single_changes(), *_by_hand()))
def changed_bytes(request):
    """Two tensors that differ, in a way that a weak digest would miss."""
    return request.param
