"""SSD300 on a GPU, from JPEG files, beside stock mmdet in float32 and in mixed precision.

    python benchmarks/gpu.py DATA_ROOT [--peer-python PYTHON] [--config configs/ssd300_bccd.py]
        [--batch-size 32] [--workers N] [--epochs 4] [--rounds 2]

DATA_ROOT is a folder in VOC layout, PYTHON as for epoch.py. Ours trains in bfloat16 with
SSDAugmentation. The step alone repeats one batch; its operations a second are told beside those of
a product of two bfloat16 matrices, and their ratio. Written where there was no GPU: on a CPU it
runs, and means nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import epoch
import torch
from bench_table import Row
from convolution_peak import rate

CHILD = """\
_base_ = [{config!r}]
steps = _base_.train_pipeline
train_pipeline = [*steps[:2], dict(type='SSDAugmentation', transforms=steps[2:-1]), steps[-1]]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
"""
NAME = 'GPU, SSD300 batch {size} from JPEG files, bf16'


def parser() -> argparse.ArgumentParser:
    """The words of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('data_root', type=Path)
    parser.add_argument('--peer-python')
    parser.add_argument('--config', default='configs/ssd300_bccd.py')
    parser.add_argument('--batch-size', type=int, default=32)
    parser.add_argument('--workers', type=int, default=os.cpu_count() or 1)
    parser.add_argument('--epochs', type=int, default=4)
    parser.add_argument('--rounds', type=int, default=2)
    return parser


def main() -> int:
    """Measure and print."""
    for row in measure(parser().parse_args()):
        print(row)
    return 0


def measure(arguments: argparse.Namespace) -> list[Row]:
    """Rows of the table of speed."""
    ids = arguments.data_root / 'ImageSets' / 'Main' / 'train.txt'
    images = len(ids.read_text().split())
    ours, stock, step = _seconds(arguments)
    name = NAME.format(size=arguments.batch_size)
    rates = {kind: images / seconds for kind, seconds in {'ours': ours, **stock}.items()}
    rows = []
    for kind, target in (('float32', 3.0), ('AMP', 2.0)):
        peer, ratio = '-', None
        if kind in rates:
            peer, ratio = f'{rates[kind]:.0f}', rates['ours'] / rates[kind]
        what = f'{name}, training, images/s, stock in {kind}'
        rows.append(Row(what, peer, f'{rates["ours"]:.0f}', ratio, target, True))
    one_image = rate(arguments.config, batch_size=1, steps=1).gflop / 1e3
    alone, matrix = arguments.batch_size / step, matrix_rate()
    step_rate = f'{alone * one_image:.1f} ({alone:.0f} images/s)'
    what = f'{name}, step alone beside a product of matrices, 1e12 operations/s'
    rows.append(Row(what, f'{matrix:.1f}', step_rate, alone * one_image / matrix, None, True))
    return rows


def _seconds(arguments: argparse.Namespace) -> tuple[float, dict[str, float], float]:
    """Of an epoch's training: ours and each stock; of ours with one batch, a step."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / 'gpu_child.py'
        config.write_text(CHILD.format(config=str(epoch.ROOT / arguments.config)))
        words = ['--config', str(config), '--stock-config', arguments.config]
        peer = arguments.peer_python if torch.cuda.is_available() else None  # or mmdet has no AMP
        found = _run(arguments, [*words, '--amp', 'bfloat16'], peer)
        stock = {'AMP': found['stock']} if 'stock' in found else {}
        if arguments.peer_python:
            plain = ['--config', arguments.config]
            stock['float32'] = _run(arguments, plain, arguments.peer_python)['stock']
        fixed = [*words, '--amp', 'bfloat16', '--fixed-batch', '--without-bare']
        return found['ours'], stock, _run(arguments, fixed, None, of='step')['ours']


def _run(
    arguments: argparse.Namespace, words: list[str], peer: str | None, of: str = 'train'
) -> dict[str, float]:
    given = [str(arguments.data_root), *words, *(['--peer-python', peer] if peer else [])]
    for name in ('batch_size', 'workers', 'epochs', 'rounds'):
        given += [f'--{name.replace("_", "-")}', str(getattr(arguments, name))]
    found = epoch.measure(epoch.parser().parse_args(given))
    return {
        kind: statistics.median(getattr(run, of) for run in runs) for kind, runs in found.items()
    }


def matrix_rate(repeats: int = 20) -> float:
    """Of a product of two bfloat16 matrices, 1e12 operations a second."""
    device, rows = ('cuda', 8192) if torch.cuda.is_available() else ('cpu', 1024)
    a, b = (torch.randn(rows, rows, device=device, dtype=torch.bfloat16) for _ in range(2))
    best = float('inf')
    for _ in range(repeats):
        _wait(device)
        started = time.perf_counter()
        a @ b
        _wait(device)
        best = min(best, time.perf_counter() - started)
    return 2 * rows**3 / best / 1e12


def _wait(device: str) -> None:
    if device == 'cuda':
        torch.cuda.synchronize()


if __name__ == '__main__':
    sys.exit(main())
