"""Epochs of training and validation beside stock mmdet, in turn, on the same model and data.

    python benchmarks/epoch.py DATA_ROOT [--peer-python PYTHON] [--config configs/ssdlite_bccd.py]
        [--stock-config FILE] [--rounds 2] [--epochs 3] [--weights FILE] [--batch-size N]
        [--fixed-batch [--without-bare]] [--first N] [--amp DTYPE] [--workers N]
        [--set key=value ...]

DATA_ROOT is a folder in VOC layout. PYTHON is the interpreter of an environment with mmdet and
compiled operators (onedl-mmcv 2.3.6); without it only ours is measured, and that is said. Stock
validates predictions only, ours also the loss. Both runs take the machine's default threads, a GPU
where torch sees one, the config's workers (or N, with pinned memory), and turns: stock, ours,
stock, ours. The first epoch of each run warms up. With --fixed-batch both train on one batch again
and again, and ours times a bare torch loop besides. --first takes the first N training images and
half as many of val, for models that need seconds for one image.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Measured:
    """One run; seconds.

    Attributes:
        start: from the start of the process to the first training iteration.
        epoch: median of a whole epoch with its validation.
        train: median of its training.
        val: median of what comes between two epochs: validation, checkpoints, steering.
        validation: median of the part of `val` in which the model is measured.
        step: median from the end of one iteration to the end of the next.
        memory: highest sum over the run's processes of their share of memory, MiB.
        bare: median of a step of the bare loop.
    """

    start: float
    epoch: float
    train: float
    val: float
    validation: float
    step: float
    memory: float
    bare: float | None = None


def parser() -> argparse.ArgumentParser:
    """The words of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('data_root', type=Path)
    parser.add_argument('--peer-python')
    parser.add_argument('--config', default='configs/ssdlite_bccd.py')
    parser.add_argument('--stock-config', help="one that mmdet can read; default: ours'")
    parser.add_argument('--rounds', type=int, default=2)
    parser.add_argument('--epochs', type=int, default=3)
    parser.add_argument('--weights', help='state dict that both begin with')
    parser.add_argument(
        '--batch-size', type=int, default=0, help="of train and val; default: the config's"
    )
    parser.add_argument('--fixed-batch', action='store_true')
    parser.add_argument('--without-bare', action='store_true', help='with it, no bare torch loop')
    parser.add_argument('--first', type=int, help='training images, and half as many of val')
    parser.add_argument('--amp', default='', choices=('', 'float16', 'bfloat16'))
    parser.add_argument(
        '--workers', type=int, default=-1, help="of train and val; default: the config's"
    )
    parser.add_argument('--set', nargs='*', default=[], help='further --cfg-options of ours')
    return parser


def main() -> int:
    """Measure and print the table."""
    arguments = parser().parse_args()
    if arguments.peer_python is None:
        print('no --peer-python: stock mmdet is not measured')
    print(table(measure(arguments)))
    return 0


def measure(arguments: argparse.Namespace) -> dict[str, list[Measured]]:
    """The runs of each kind, 'stock' and 'ours', in the order in which they took turns."""
    kinds = ['stock'] * bool(arguments.peer_python) + ['ours']
    found: dict[str, list[Measured]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _link(arguments.data_root.resolve(), work / 'VOC2007', arguments.first)
        for number in range(arguments.rounds):
            for kind in kinds:
                measured = run(kind, arguments, work, number)
                found[kind].append(measured)
                print(f'# {kind} {number}: {measured}', file=sys.stderr, flush=True)
    return found


def _link(data_root: Path, to: Path, first: int | None) -> None:
    """A folder of links to the data set, its lists cut."""
    (to / 'ImageSets' / 'Main').mkdir(parents=True)
    for name in ('JPEGImages', 'Annotations'):
        (to / name).symlink_to(data_root / name)
    for split, count in (('train', first), ('val', first and -(-first // 2)), ('test', 1)):
        ids = (data_root / 'ImageSets' / 'Main' / f'{split}.txt').read_text().split()
        (to / 'ImageSets' / 'Main' / f'{split}.txt').write_text('\n'.join(ids[:count]) + '\n')


def run(kind: str, arguments: argparse.Namespace, work: Path, number: int) -> Measured:
    """Train once in a process of its own."""
    clock, work_dir = work / f'{kind}{number}.json', work / f'{kind}{number}'
    if kind == 'stock':
        words = [arguments.peer_python, str(ROOT / 'benchmarks/epoch_stock.py')]
        words += [
            arguments.stock_config or arguments.config,
            f'{work}/',
            str(work_dir),
            str(arguments.epochs),
            str(clock),
        ]
        words += [str(arguments.batch_size), str(int(arguments.fixed_batch))]
        words += [arguments.amp, str(arguments.workers)]
        words += [arguments.weights] if arguments.weights else []
    else:
        child = work / f'child{number}.py'
        child.write_text(_child(arguments, work / 'VOC2007', clock))
        words = [sys.executable, 'tools/train.py', str(child), '--work-dir', str(work_dir)]
        words += ['--cfg-options', *arguments.set] if arguments.set else []
    environment = {**os.environ, 'PYTHONPATH': f'{ROOT}:{ROOT / "benchmarks"}'}
    if kind == 'stock':
        environment.pop('PYTHONPATH')
    environment['XDG_CACHE_HOME'] = str(work / 'cache')
    log = (work / f'{kind}{number}.log').open('wb')
    started = time.time()
    process = subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    memory = 0.0
    while process.poll() is None:
        memory = max(memory, _memory(process.pid))
        time.sleep(4)  # looking costs, too
    if process.returncode:
        print((work / f'{kind}{number}.log').read_text()[-3000:])
        raise SystemExit(f'{kind} ended with {process.returncode}')
    bare = clock.with_suffix('.bare')
    seconds = json.loads(bare.read_text()) if bare.exists() else None
    return _measured(json.loads(clock.read_text()), started, memory, seconds)


def _child(arguments: argparse.Namespace, data_root: Path, clock: Path) -> str:
    weights = f'load_from = {arguments.weights!r}\n' if arguments.weights else ''
    hooks = [{'type': 'ClockHook', 'path': str(clock)}]
    if arguments.fixed_batch:
        bare = None if arguments.without_bare else str(clock.with_suffix('.bare'))
        hooks.insert(0, {'type': 'FixedBatchHook', 'path': bare})
    batch = {'batch_size': arguments.batch_size} if arguments.batch_size else {}
    loader = batch | workers(arguments.workers)
    mixed = f"type='AmpOptimWrapper', dtype={arguments.amp!r}, " if arguments.amp else ''
    return (
        f'_base_ = [{str(ROOT / arguments.config)!r}]\n'
        f'data_root = {str(data_root)!r}\n'
        f'{weights}train_dataloader = {loader}\nval_dataloader = {batch}\n'
        "custom_imports = dict(imports=['epoch_clock', 'epoch_fixed_batch'])\n"
        f'custom_hooks = {hooks}\n'
        f'train_cfg = dict(max_epochs={arguments.epochs})\n'
        'evaluation = dict(interval=1, train_eval=0)\n'
        f'optim_wrapper = dict({mixed}optimizer=dict(lr=1e-3))\n'
        "schedule = dict(_delete_=True, type='constant')\n"
        'model = dict(backbone=dict(init_cfg=None))\n'
    )


def workers(number: int) -> dict[str, Any]:
    """Words of a loader; below 0 none."""
    if number < 0:
        return {}
    return {'num_workers': number, 'persistent_workers': number > 0, 'pin_memory': True}


def _measured(
    events: Sequence[tuple[str, float]],
    started: float,
    memory: float,
    bare: Sequence[float] | None = None,
) -> Measured:
    times: dict[str, list[float]] = {}
    for event, when in events:
        times.setdefault(event, []).append(when)
    begins = times['before_train_epoch']
    ends = [*begins[1:], times['after_train'][-1]]
    trained = times['after_train_epoch']
    steps = [
        later - earlier
        for (first, earlier), (second, later) in zip(events, events[2:])
        if first == second == 'after_train_iter'
    ]
    return Measured(
        start=times['before_train_iter'][0] - started,
        epoch=statistics.median(b - a for a, b in list(zip(begins, ends))[1:]),
        train=statistics.median(b - a for a, b in list(zip(begins, trained))[1:]),
        val=statistics.median(b - a for a, b in list(zip(trained, ends))[1:]),
        validation=statistics.median(
            b - a for a, b in zip(times['before_val_epoch'], times['after_val_epoch'])
        ),
        step=statistics.median(steps),
        memory=memory,
        bare=statistics.median(bare) if bare else None,
    )


def _memory(session: int) -> float:
    """Proportional share of memory of the processes of a session, MiB."""
    total = 0
    for entry in Path('/proc').iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if int((entry / 'stat').read_text().rpartition(')')[2].split()[3]) != session:
                continue
            lines = (entry / 'smaps_rollup').read_text().splitlines()
        except (OSError, IndexError):  # it has ended in the meantime
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith('Pss:'))
    return total / 1024


def table(found: dict[str, list[Measured]]) -> str:
    """Medians over the rounds, and how many times stock's."""
    lines = ['| what | stock | ours | ours / stock |', '| --- | --- | --- | --- |']
    names = {
        'start': 'first iteration after, s',
        'epoch': 'epoch with validation, s',
        'train': 'its training, s',
        'val': 'its validation and what follows, s',
        'validation': 'measuring the model in it, s',
        'step': 'from iteration to iteration, ms',
        'memory': 'peak memory, MiB',
    }
    for key, name in names.items():
        scale = 1000 if key == 'step' else 1
        shown = {
            kind: scale * statistics.median(getattr(run, key) for run in runs)
            for kind, runs in found.items()
        }
        stock = shown.get('stock')
        ratio = '-' if stock is None else f'{shown["ours"] / stock:.2f}'
        first = '-' if stock is None else f'{stock:.4g}'
        lines.append(f'| {name} | {first} | {shown["ours"]:.4g} | {ratio} |')
    bare = [run.bare for run in found['ours'] if run.bare]
    if bare:
        step = statistics.median(run.step for run in found['ours'] if run.bare)
        ratio = step / statistics.median(bare)
        lines.append(f'\nA step of ours takes {ratio:.3f} times a step of a bare torch loop.')
    return '\n'.join(lines)


if __name__ == '__main__':
    sys.exit(main())
