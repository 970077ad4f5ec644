"""Does the fast pipeline cost accuracy? Paired seeds of mmdet's and ours.

    python benchmarks/fast_path.py [--data-root data/sample] [--seeds 5] [--epochs 8] [--jobs 2]

Both train the sample set's model from the same weights, in the same order of images, with the same
draws of every augmentation; what differs is how pixels are computed. Both read images in the same
way. One thread a run. Prints val/mAP of the last epoch, the differences, and Student's interval of
their mean. A lower end above -0.01 says: not worse by a point.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scipy.stats import t as student

ROOT = Path(__file__).resolve().parents[1]
MARGIN = 0.01
CHILD = """\
_base_ = ['{root}/configs/ssdlite_sample.py']
data_root = {data_root!r}
steps = _base_.train_pipeline  # read, boxes; crop, resize, flip, colours; pack
chain = [dict(type='mmdet.Expand', mean=[123.675, 116.28, 103.53], to_rgb=True, ratio_range=(1, 2))]
chain += [dict(step, type='mmdet.' + step['type']) for step in steps[2:6]]
train_pipeline = [*steps[:2], {middle}, steps[6]]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
train_cfg = dict(max_epochs={epochs})
evaluation = dict(interval={epochs}, train_eval=0, bootstrap=0)
"""
MIDDLES = {'mmdet': '*chain', 'SSDAugmentation': "dict(type='SSDAugmentation', transforms=chain)"}


def main() -> int:
    """Train all pairs and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--data-root', type=Path, default=ROOT / 'data' / 'sample')
    parser.add_argument('--seeds', type=int, default=5)
    parser.add_argument('--epochs', type=int, default=8)
    parser.add_argument('--jobs', type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, middle in MIDDLES.items():
            text = CHILD.format(
                root=ROOT,
                data_root=str(options.data_root.resolve()),
                middle=middle,
                epochs=options.epochs,
            )
            (work / f'{name}.py').write_text(text)
        with ThreadPoolExecutor(options.jobs) as pool:
            runs = {
                (name, seed): pool.submit(train, work, name, seed)
                for seed in range(options.seeds)
                for name in MIDDLES
            }
        found = {key: run.result() for key, run in runs.items()}
    print(table(found, options.seeds))
    return 0


def train(work: Path, name: str, seed: int) -> float:
    """val/mAP of the last epoch."""
    run = work / f'{name}{seed}'
    words = [sys.executable, 'tools/train.py', str(work / f'{name}.py'), '--work-dir', str(run)]
    environment = {**os.environ, 'OMP_NUM_THREADS': '1'}
    done = subprocess.run(
        [*words, '--seed', str(seed)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout[-1000:] + done.stderr[-2000:])
    last = (run / 'history.jsonl').read_text().splitlines()[-1]
    value = float(json.loads(last)['val/mAP'])
    print(f'# {name}, seed {seed}: {value:.4f}', file=sys.stderr, flush=True)
    return value


def table(found: dict[tuple[str, int], float], seeds: int) -> str:
    """A row for each seed, then the mean difference with its interval."""
    lines = ['| seed | mmdet | SSDAugmentation | difference |', '|---|---|---|---|']
    differences = []
    for seed in range(seeds):
        stock, ours = (found[name, seed] for name in MIDDLES)
        differences.append(ours - stock)
        lines.append(f'| {seed} | {stock:.4f} | {ours:.4f} | {ours - stock:+.4f} |')
    mean = statistics.mean(differences)
    half = float(student.ppf(0.975, seeds - 1)) * statistics.stdev(differences) / seeds**0.5
    verdict = 'not worse by a point' if mean - half > -MARGIN else 'not shown to be within a point'
    lines.append(
        f'\nMean difference {mean:+.4f}, 95 % interval {mean - half:+.4f} to {mean + half:+.4f} '
        f'({seeds} seeds, t): {verdict}.'
    )
    return '\n'.join(lines)


if __name__ == '__main__':
    sys.exit(main())
