"""How near a training step comes to the rate of one big convolution on this machine.

    python benchmarks/convolution_peak.py CONFIG [--batch-size 4] [--steps 3]

Counts the operations of forward and backward with torch's own counter (a multiplication with its
addition counts two), times them on random images, and divides by the rate of a 3 x 3 convolution
of 512 channels, forward and backward, which no real model reaches.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from mmholdout.memory import keep_freed_memory

NAME = 'convolution_peak'


@dataclass(frozen=True)
class Rate:
    """Of a training step without optimizer.

    Attributes:
        gflop: operations of a step, in 1e9.
        seconds: median of a step.
        peak: of the big convolution, 1e9 operations a second.
    """

    gflop: float
    seconds: float
    peak: float

    @property
    def share(self) -> float:
        """Of the peak, 0 to 1."""
        return self.gflop / self.seconds / self.peak


def rate(config: str, batch_size: int, steps: int) -> Rate:
    """Measure the model of a config and the big convolution in turn."""
    model, batch = model_of(config), batch_of(batch_size, _size(config))

    def step() -> None:
        data = model.data_preprocessor(batch, True)
        loss, _ = model.parse_losses(model(**data, mode='loss'))
        model.zero_grad()
        loss.backward()

    layer = torch.nn.Conv2d(512, 512, 3, padding=1)
    features = torch.randn(8, 512, 38, 38, requires_grad=True)

    def convolve() -> None:
        layer(features).sum().backward()

    counted = [_operations(work) for work in (step, convolve)]
    seconds: list[list[float]] = [[], []]
    for _ in range(steps):
        for of_one, work in zip(seconds, (step, convolve)):
            started = time.perf_counter()
            work()
            of_one.append(time.perf_counter() - started)
    return Rate(counted[0], statistics.median(seconds[0]), counted[1] / min(seconds[1]))


def _operations(work: Callable[[], None]) -> float:
    with FlopCounterMode(display=False) as counter:
        work()  # it also warms up
    return float(counter.get_total_flops()) / 1e9


def model_of(config: str, num_classes: int | None = None) -> Any:
    """The model of a config, randomly initialised, in training mode."""
    from mmengine.config import ConfigDict
    from mmengine.logging import MMLogger
    from mmengine.registry import DefaultScope

    import mmholdout.models  # noqa: F401  (registers the models)
    from mmholdout.config.load import load
    from mmholdout.registry import MODELS

    if not DefaultScope.check_instance_created(NAME):
        DefaultScope.get_instance(NAME, scope_name='mmholdout')
        MMLogger.get_instance(NAME, log_level='ERROR')  # init_weights lists each weight
    cfg = load(config).cfg
    cfg['model']['backbone']['init_cfg'] = None
    if num_classes:
        cfg['model']['bbox_head']['num_classes'] = num_classes
    model = MODELS.build(ConfigDict(cfg['model']))
    model.init_weights()
    model.train()
    return model


def _size(config: str) -> int:
    from mmholdout.config.load import load

    steps = load(config).cfg['val_dataloader']['dataset']['pipeline']
    return next(int(step['scale'][0]) for step in steps if step['type'] == 'Resize')


def batch_of(batch_size: int, size: int) -> dict[str, Any]:
    """Random square images of `size` px, eight objects in each."""
    images = [torch.randint(0, 256, (3, size, size), dtype=torch.uint8) for _ in range(batch_size)]
    return {'inputs': images, 'data_samples': [_sample(size) for _ in images]}


def _sample(size: int) -> Any:
    from mmdet.structures import DetDataSample
    from mmengine.structures import InstanceData

    shape = (size, size)
    sample = DetDataSample(
        metainfo=dict(
            img_shape=shape,
            batch_input_shape=shape,
            pad_shape=shape,
            ori_shape=shape,
            scale_factor=(1, 1),
        )
    )
    corners = torch.rand(8, 2) * size / 2
    sides = size / 8 + torch.rand(8, 2) * size / 4
    bboxes = torch.cat([corners, corners + sides], dim=1)
    sample.gt_instances = InstanceData(bboxes=bboxes, labels=torch.zeros(8, dtype=torch.long))
    return sample


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('config')
    parser.add_argument('--batch-size', type=int, default=4)
    parser.add_argument('--steps', type=int, default=3)
    arguments = parser.parse_args()
    keep_freed_memory()  # as a run does
    found = rate(arguments.config, arguments.batch_size, arguments.steps)
    print(
        f'{found.gflop:.0f} GFLOP in {found.seconds:.2f} s: '
        f'{found.gflop / found.seconds:.0f} GFLOP/s, '
        f'{found.share:.0%} of {found.peak:.0f} GFLOP/s of a big convolution'
    )
    return 0


if __name__ == '__main__':
    sys.exit(main())
