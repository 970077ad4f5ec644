"""What `make bench` measures: each function runs one benchmark and gives rows of its table."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import epoch
import gpu as gpu_run
import torch
import validation_cost
from bench_table import Row

NO_PEER = 'no --peer-python'
NO_DATA = 'no --bccd'


@dataclass(frozen=True)
class Given:
    """What the command line gave.

    Attributes:
        bccd: the BCCD data set in VOC layout, or None.
        peer_python: interpreter of an environment with stock mmdet and compiled mmcv, or None.
        rounds: of each pair.
    """

    bccd: Path | None
    peer_python: str | None
    rounds: int


def pipeline(given: Given) -> list[Row]:
    """The training pipeline on images that are made, on one thread."""
    import augment
    import cv2

    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        augment.make_images(Path(folder), 24, 90)
        infos = augment.infos_of(Path(folder))
        found = augment.speeds(augment.pipelines(), infos, given.rounds + 3)
    stock = f'{found["mmdet"][0]:.0f}'
    return [
        Row(
            f'training pipeline, {name}, images/s per core',
            stock,
            f'{rate:.0f}',
            ratio,
            target,
            True,
        )
        for name, target in augment.TARGETS.items()
        for rate, ratio in [found[name]]
    ]


def _pairs(given: Given, words: Sequence[str]) -> dict[str, list[epoch.Measured]]:
    peer = ['--peer-python', given.peer_python] if given.peer_python else []
    words = [str(given.bccd), *peer, '--rounds', str(given.rounds), *words]
    return epoch.measure(epoch.parser().parse_args(words))


def _row(
    what: str,
    found: dict[str, list[epoch.Measured]],
    value: Callable[[epoch.Measured], float],
    target: float,
    faster: bool = False,
) -> Row:
    """Of stock and ours in pairs; `faster`: the ratio is stock's by ours, at least the target."""
    ours = [value(run) for run in found['ours']]
    if 'stock' not in found:
        return Row(what, NO_PEER, f'{statistics.median(ours):.3g}', None, target, faster)
    stock = [value(run) for run in found['stock']]
    ratio = statistics.median((b / a if not faster else a / b) for a, b in zip(stock, ours))
    shown = [f'{statistics.median(values):.4g}' for values in (stock, ours)]
    return Row(what, *shown, ratio, target, faster)


def ssdlite_epoch(given: Given) -> list[Row]:
    """SSDLite-320 on BCCD beside stock: epochs, validation, memory, start."""
    name = 'SSDLite-320, BCCD'
    if given.bccd is None:
        return [Row(f'{name}, epoch train + val', '-', NO_DATA, None, 1.7, True)]
    words = ['--config', 'configs/ssdlite_bccd_fast.py']
    words += ['--stock-config', 'configs/ssdlite_bccd.py', '--epochs', '3']
    found = _pairs(given, words)
    return [
        _row(f'{name}, epoch train + val, s', found, lambda run: run.epoch, 1.7, faster=True),
        _row(f'{name}, from step to step, s', found, lambda run: run.step, 1.0),
        _row(f'{name}, validation (ours with its loss), s', found, lambda run: run.validation, 0.8),
        _row(f'{name}, peak memory, MiB', found, lambda run: run.memory, 1.0),
        _row(f'{name}, start to first iteration, s', found, lambda run: run.start, 0.8),
    ]


def overhead(given: Given) -> list[Row]:
    """A step of ours beside a bare torch loop of the same model and batch."""
    what = 'SSDLite-320, step against a bare torch loop, s'
    if given.bccd is None:
        return [Row(what, '-', NO_DATA, None, 1.05, False)]
    alone = Given(given.bccd, None, given.rounds)
    runs = _pairs(alone, ['--config', 'configs/ssdlite_bccd.py', '--fixed-batch'])['ours']
    bare = [run.bare for run in runs if run.bare]
    ratio = statistics.median(run.step / run.bare for run in runs if run.bare)
    step = statistics.median(run.step for run in runs)
    return [Row(what, f'{statistics.median(bare):.3g}', f'{step:.3g}', ratio, 1.05, False)]


def ssd300_step(given: Given) -> list[Row]:
    """SSD300, VGG16 without weights, one batch of 4 again and again; its memory with validation."""
    what = 'SSD300, training step of 4 images, s'
    if given.bccd is None:
        return [Row(what, '-', NO_DATA, None, 1.2, True)]
    words = ['--config', 'configs/ssd300_bccd.py', '--batch-size', '4', '--first', '24']
    words += ['--fixed-batch', '--without-bare', '--epochs', '2']
    found = _pairs(given, words)
    return [
        _row(what, found, lambda run: run.step, 1.2, faster=True),
        _row('SSD300, peak memory, MiB', found, lambda run: run.memory, 1.0),
    ]


def validation(given: Given) -> list[Row]:
    """Loss, predictions and matching beside bare forward passes."""
    config = 'configs/ssdlite_bccd.py' if given.bccd else 'configs/ssdlite_sample.py'
    options = [f'data_root={given.bccd}'] if given.bccd else []
    found = validation_cost.measure_config(config, given.rounds, 1, options)
    rows = []
    for when in ('untrained', 'trained'):
        seconds = found[when]
        cells = [
            f'{1000 * statistics.median(seconds[part]) / found["images"]:.1f}'
            for part in ('forward', 'measured')
        ]
        ratio = validation_cost.ratio(seconds, 'measured', 'forward')
        what = f'validation of {Path(config).stem} against bare forward passes, {when}, ms an image'
        rows.append(Row(what, *cells, ratio, validation_cost.TARGET, False))
    whole, compared = (1000 * statistics.median(seconds[p]) for p in ('measured', 'comparison'))
    share = validation_cost.ratio(seconds, 'comparison', 'measured')
    what = f'comparing the state around that validation of {found["images"]} images, ms'
    return [*rows, Row(what, f'{whole:.0f}', f'{compared:.0f}', share, 0.02, False)]


def gpu(given: Given) -> list[Row]:
    """SSD300 from JPEG files in bfloat16, beside stock in float32 and in mixed precision."""
    missing = NO_DATA if given.bccd is None else 'no GPU'
    if given.bccd is None or not torch.cuda.is_available():
        return [Row(gpu_run.NAME.format(size=32), '-', missing, None, 3.0, True)]
    peer = ['--peer-python', given.peer_python] if given.peer_python else []
    words = [str(given.bccd), *peer, '--rounds', str(given.rounds)]
    return gpu_run.measure(gpu_run.parser().parse_args(words))


GROUPS = {
    'pipeline': pipeline,
    'epoch': ssdlite_epoch,
    'ssd300': ssd300_step,
    'validation': validation,
    'overhead': overhead,
    'gpu': gpu,
}
