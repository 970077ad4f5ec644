"""What a validation costs beside bare forward passes of the same images.

    python benchmarks/validation_cost.py CONFIG [--rounds 3] [--epochs 1] [--set key=value ...]

Trains CONFIG for some epochs, without augmentation's workers in the way, and times these in turn on
the batches of its val split, before and after training, the images being read already:

    forward      images to raw outputs of the head
    predictions  forward, decoded boxes, NMS: what stock mmdet's validation computes
    measured     predictions, validation loss, matching, all metrics of the config
    intervals    `evaluation.bootstrap` drawings of the images, once a validation
    comparison   of the state before and after, once a validation (`mmholdout.loops.purity`)

Each ratio is the median of the rounds' ratios.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mmengine.hooks import Hook
from mmengine.registry import HOOKS

ROOT = Path(__file__).resolve().parents[1]
PARTS = ('forward', 'predictions', 'measured', 'intervals', 'comparison')
TARGET = 1.15  # measured / forward


class Kept:
    """A loader whose batches have been read."""

    def __init__(self, loader: Any) -> None:
        self.dataset = loader.dataset
        self.batches = list(loader)

    def __iter__(self) -> Any:
        return iter(self.batches)


@HOOKS.register_module()
class ValidationCostHook(Hook):
    """Writes {when: {part: [seconds, ...]}} and the number of images to `path`.

    Args:
        path: the file, JSON.
        rounds: how often each part is timed; one more warms up.
    """

    def __init__(self, path: str, rounds: int = 3) -> None:
        self.path = Path(path)
        self.rounds = rounds
        self.found: dict[str, Any] = {}

    def before_train(self, runner: Any) -> None:
        """Time untrained weights, which leave the most boxes to NMS."""
        self._time(runner, 'untrained')

    def after_train(self, runner: Any) -> None:
        """Time trained weights."""
        self._time(runner, 'trained')
        self.path.write_text(json.dumps(self.found))

    def _time(self, runner: Any, when: str) -> None:
        from mmholdout.loops.held_out import held_out
        from mmholdout.loops.intervals import intervals_of
        from mmholdout.loops.measure import measure
        from mmholdout.loops.purity import pure

        loop, model = runner.val_loop, runner.bare_model
        kept = Kept(loop.dataloader)

        def forward() -> None:
            for batch in kept:
                data = model.data_preprocessor(batch, False)
                model(**data, mode='tensor')

        def predictions() -> None:
            for batch in kept:
                model.val_step(batch)

        def measured() -> None:
            measure(model, kept, loop.metrics, loss_group=loop.loss_group)

        def intervals() -> None:
            intervals_of(loop.metrics, loop.bootstrap)

        def comparison() -> None:
            with pure(model, runner.training_state):
                pass

        works = (forward, predictions, measured, intervals, comparison)
        seconds: dict[str, list[float]] = {part: [] for part in PARTS}
        with held_out(model):
            for number in range(self.rounds + 1):
                for part, work in zip(PARTS, works):
                    spent = _seconds(work)
                    if number:
                        seconds[part].append(spent)
        self.found[when] = seconds
        self.found['images'] = len(kept.dataset)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure_config(config: str, rounds: int, epochs: int, options: list[str]) -> dict[str, Any]:
    """Run it in a process of its own; gives what the hook wrote."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        path = work / 'cost.json'
        hook = {'type': 'ValidationCostHook', 'path': str(path), 'rounds': rounds}
        child = work / 'child.py'
        child.write_text(
            f'_base_ = [{str((ROOT / config).resolve())!r}]\n'
            "custom_imports = dict(imports=['validation_cost'])\n"
            f'custom_hooks = [{hook}]\n'
            f'train_cfg = dict(max_epochs={epochs})\nevaluation = dict(interval=1)\n'
        )
        words = [sys.executable, 'tools/train.py', str(child), '--work-dir', str(work / 'run')]
        words += ['--cfg-options', *options] if options else []
        environment = {**os.environ, 'PYTHONPATH': f'{ROOT}:{ROOT / "benchmarks"}'}
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout[-1500:] + done.stderr[-1500:])
        return dict(json.loads(path.read_text()))


def ratio(seconds: dict[str, list[float]], part: str, peer: str) -> float:
    """Median of the rounds' ratios."""
    return statistics.median(a / b for a, b in zip(seconds[part], seconds[peer]))


def table(found: dict[str, Any]) -> str:
    """Milliseconds per image, and how many times the bare forward passes."""
    lines = [f'| ms an image ({found["images"]} images) | untrained | trained |', '|---|---|---|']
    for part in PARTS:
        cells = [
            f'{1000 * statistics.median(found[when][part]) / found["images"]:.2f} '
            f'({ratio(found[when], part, "forward"):.3f})'
            for when in ('untrained', 'trained')
        ]
        lines.append(f'| {part} (of forward) | {cells[0]} | {cells[1]} |')
    return '\n'.join(lines)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('config')
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--epochs', type=int, default=1)
    parser.add_argument('--set', nargs='*', default=[], help='further --cfg-options')
    arguments = parser.parse_args()
    print(
        table(measure_config(arguments.config, arguments.rounds, arguments.epochs, arguments.set))
    )
    return 0


if __name__ == '__main__':
    sys.exit(main())
