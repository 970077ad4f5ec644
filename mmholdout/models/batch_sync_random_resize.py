"""YOLOX's change of size between iterations, as a function of (seed, iteration)."""

from __future__ import annotations

import math
import random
from typing import Any

from mmdet.models.data_preprocessors import BatchSyncRandomResize as StockResize
from mmdet.structures import DetDataSample
from mmengine.logging import MessageHub
from torch import Tensor
from torch.nn import functional

from mmholdout.errors import ConfigError
from mmholdout.registry import MODELS


@MODELS.register_module()
class BatchSyncRandomResize(StockResize):
    """mmdet's of that name, but a resumed run has the size that the whole run would have.

    mmdet draws the next size every `interval` iterations from Python's global generator, and
    keeps it in a plain attribute that no checkpoint holds. Here period k (iterations k * interval
    up to the next) has the size drawn by (seed, k); in period 0 a batch stays as it is, as in
    mmdet. No process has to tell another: each draws the same.

    Args:
        random_size_range: least and greatest height in px, rounded to `size_divisor`; the width
            follows from the batch's aspect ratio.
        interval: iterations of one size.
        size_divisor: of both sides, in px.

    Raises:
        ConfigError: an interval below 1, a range that is empty or begins below one divisor.
    """

    def __init__(
        self, random_size_range: tuple[int, int], interval: int = 10, size_divisor: int = 32
    ) -> None:
        super().__init__(random_size_range, interval, size_divisor)
        least, greatest = self._random_size_range
        if interval < 1 or not 1 <= least <= greatest:
            raise ConfigError(
                f'BatchSyncRandomResize needs interval >= 1 and size_divisor <= least <= greatest, '
                f'got interval={interval!r}, size_divisor={size_divisor!r}, '
                f'random_size_range={random_size_range!r}'
            )

    def forward(
        self, inputs: Tensor, data_samples: list[DetDataSample]
    ) -> tuple[Tensor, list[DetDataSample]]:
        """Resize images (N, 3, H, W) and their boxes (xyxy, px)."""
        height, width = inputs.shape[-2:]
        size = self.size_at(*_position(), width / height) or (height, width)
        if size == (height, width):
            return inputs, data_samples
        inputs = functional.interpolate(inputs, size, mode='bilinear', align_corners=False)
        for sample in data_samples:
            _rescale(sample, size[0] / height, size[1] / width, size)
        return inputs, data_samples

    def size_at(self, seed: int, iteration: int, aspect_ratio: float) -> tuple[int, int] | None:
        """Height and width in px for an iteration (from 0); None: the batch's own."""
        period = iteration // self._interval
        if not period:
            return None
        drawn = random.Random(f'batch size/{seed}/{period}').randint(*self._random_size_range)
        # A product just below a whole number, from an aspect ratio such as 14 / 10, is that number.
        across = max(1, math.floor(aspect_ratio * drawn + 1e-6))
        return self._size_divisor * drawn, self._size_divisor * across


def _position() -> tuple[int, int]:
    hub = MessageHub.get_current_instance()
    return int(hub.get_info('seed', 0) or 0), int(hub.get_info('iter', 0) or 0)


def _rescale(sample: DetDataSample, by_y: float, by_x: float, size: tuple[int, int]) -> None:
    def scaled(shape: Any) -> tuple[int, int]:
        return int(shape[0] * by_y), int(shape[1] * by_x)

    sample.set_metainfo(
        {
            'img_shape': scaled(sample.img_shape),
            'pad_shape': scaled(sample.pad_shape),
            'batch_input_shape': size,
        }
    )
    for key in ('gt_instances', 'ignored_instances'):
        if key in sample:
            bboxes = sample.get(key).bboxes
            bboxes[..., 0::2] *= by_x
            bboxes[..., 1::2] *= by_y
