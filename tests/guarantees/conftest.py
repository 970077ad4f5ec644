"""Runs that are killed, interrupted or starved of disk, and what is left of them."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from textwrap import dedent

import pytest

CRASH = Path(__file__).parent / 'crash'
ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 2  # at a time
ENOUGH = 4  # wrong ends, of which one is one too many


@dataclass
class Outcome:
    """What has become of one process.

    Attributes:
        code: its exit code, negative for a signal.
        said: standard output and error.
        folder: of the run.
        pid: also the number of its session, to which its workers belong.
        seconds: from its start to its end.
        report: what was seen in it (see crash/job.py); empty if it was killed.
        journal: the file with all its operations, if they were kept.
    """

    code: int
    said: str
    folder: Path
    pid: int
    seconds: float
    report: dict
    journal: Path

    @property
    def fingerprint(self):
        assert self.code == 0, self.said
        assert not self.report['unseen'], self.report['unseen']
        return self.report['fingerprint']


class Crash:
    """Starts training commands in processes of their own, each within milliseconds."""

    def __init__(self, folder):
        self.folder = folder
        self._numbers = count(1)
        self._idle = SimpleQueue()
        self._all = []

    def _zygote(self):
        if len(self._all) < PROCESSES and self._idle.empty():
            process = subprocess.Popen(
                [sys.executable, str(CRASH / 'zygote.py')],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=self.folder,
                env={**os.environ, 'OMP_NUM_THREADS': '1'},
            )
            self._all.append(process)
            return process
        return self._idle.get()

    def ask(self, **request):
        """One request of crash/zygote.py."""
        zygote = self._zygote()
        zygote.stdin.write(json.dumps(request) + '\n')
        zygote.stdin.flush()
        reply = zygote.stdout.readline()
        assert reply, f'the zygote has ended with {zygote.wait()}'
        self._idle.put(zygote)
        return json.loads(reply)

    def train(self, config, folder=None, *, resume='auto', **request):
        """Train in a new process and wait for its end."""
        number = next(self._numbers)
        folder = Path(folder or self.folder / f'run_{number}')
        words = [str(config), '--work-dir', str(folder), '--device', 'cpu']
        report, log = self.folder / f'{number}.json', self.folder / f'{number}.log'
        reply = self.ask(
            argv=words + (['--resume', resume] if resume else []),
            folder=str(folder),
            report=str(report),
            log=str(log),
            **request,
        )
        return Outcome(
            code=reply['code'],
            said=log.read_text(errors='replace') if log.exists() else '',
            folder=folder,
            pid=reply['pid'],
            seconds=reply['seconds'],
            report=json.loads(report.read_text()) if report.exists() else {},
            journal=Path(f'{report}.journal'),
        )

    def states(self, outcome, first=0):
        """All that a crash can leave of a run whose journal was kept; see crash/states.py."""
        blobs = str(self.folder / 'blobs')
        return self.ask(states_of=str(outcome.journal), first=first, store_in=blobs)

    def wrong_ends(self, config, states, expected, **request):
        """Of the states, those whose resumed run does not end as `expected`, and what differs.

        After a few of them it has seen enough.
        """
        problems = []

        def look(state):
            if len(problems) >= ENOUGH:
                return
            end = self.resume_from(config, state, **request)
            if end.code:
                problems.append(f'{state["labels"][0]}: ends with {end.code}: {end.said[-600:]}')
                return
            read = [p for p in end.report['read'] if p.endswith(('.tmp', '.log', '.png'))]
            assert not read, f'{read} were read, so that their content tells states apart'
            if differs := difference(end.fingerprint, expected):
                problems.append(f'{state["labels"][0]}: {differs}')

        self.each(look, states)
        return problems

    def resume_from(self, config, state, **request):
        """Put a state into a new folder, resume it there, and remove the folder."""
        outcome = self.train(config, files=state['files'], **request)
        shutil.rmtree(outcome.folder, ignore_errors=True)
        return outcome

    def each(self, function, items):
        """Two at a time; in the order of the items."""
        with ThreadPoolExecutor(PROCESSES) as pool:
            return list(pool.map(function, items))

    def close(self):
        for process in self._all:
            process.stdin.close()
            process.wait(30)


@pytest.fixture(scope='session', name='difference')
def difference_fixture():
    """See `difference`."""
    return difference


def difference(one, other):
    """Of two fingerprints, in words; empty for the same run."""
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    shown = [f'{name}: {one.get(name)} instead of {other.get(name)}' for name in names[:6]]
    return '; '.join([*shown, f'{len(names) - 6} more'] if len(names) > 6 else shown)


@pytest.fixture(scope='session')
def crash(tmp_path_factory):
    """See Crash."""
    if not hasattr(os, 'fork'):
        pytest.skip('this system cannot fork a process')
    crash = Crash(tmp_path_factory.mktemp('crash'))
    yield crash
    crash.close()


@pytest.fixture(scope='session')
def whole(crash):
    """The fingerprint of the uninterrupted run of a config."""
    known = {}

    def of(config):
        if config not in known:
            known[config] = crash.train(config, resume=None)
        return known[config].fingerprint

    return of


@pytest.fixture(scope='session')
def few_images(tmp_path_factory, small_sample):
    """A sample set with 14 train and 5 val images."""
    folder = tmp_path_factory.mktemp('few') / 'sample'
    shutil.copytree(small_sample, folder)
    for split, number in (('train', 14), ('val', 5)):
        path = folder / 'ImageSets' / 'Main' / f'{split}.txt'
        path.write_text('\n'.join(path.read_text().split()[:number]) + '\n')
    return folder


@pytest.fixture(scope='session')
def resume_config(tmp_path_factory, few_images):
    """Writes a config with everything that a resume can lose; gives its path.

    Dropout, random augmentation, averaged weights, accumulation over 3 batches in epochs of 4,
    a plateau that cuts the rate after epoch 2 and an early stop after epoch 4 (with an interval
    of 2: both after 4), because after the first value none counts as better.
    """
    folder = tmp_path_factory.mktemp('configs')

    def write(name, *, workers=0, interval=1, extra=''):
        path = folder / f'{name}.py'
        epochs, patience = (8, 2) if interval == 1 else (6, 0)
        path.write_text(
            dedent(f"""\
            _base_ = [{str(ROOT / 'configs' / 'ssdlite_sample.py')!r}]
            data_root = {str(few_images)!r}
            augmented = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='MinIoURandomCrop', min_ious=(0.5, 0.7, 0.9), min_crop_size=0.5),
                dict(type='Resize', scale=(64, 64), keep_ratio=False),
                dict(type='RandomFlip', prob=0.5),
                dict(type='PhotoMetricDistortion'),
                dict(type='PackDetInputs'),
            ]
            plain = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='Resize', scale=(64, 64), keep_ratio=False),
                dict(type='PackDetInputs'),
            ]
            loader = dict(num_workers={workers}, persistent_workers={bool(workers)})
            model = dict(
                backbone=dict(channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1)),
                neck=dict(type='DropoutNeck', p=0.2),
                bbox_head=dict(in_channels=(16, 16, 16), anchor_generator=dict(input_size=64)),
            )
            train_dataloader = dict(batch_size=4, dataset=dict(pipeline=augmented), **loader)
            val_dataloader = dict(batch_size=5, dataset=dict(pipeline=plain), **loader)
            test_dataloader = dict(batch_size=5, dataset=dict(pipeline=plain), **loader)
            train_cfg = dict(max_epochs={epochs})
            schedule = dict(type='cosine', warmup=dict(iters=3))
            evaluation = dict(interval={interval}, train_eval=3, save_best='loss')
            optim_wrapper = dict(accumulative_counts=3, optimizer=dict(lr=2e-3))
            ema = dict(momentum=0.2, gamma=3)
            steering = dict(monitor='val/loss', min_delta=100.0)
            custom_hooks = [
                dict(type='ReduceLROnPlateauHook', factor=0.5, patience=0, **steering),
                dict(type='EarlyStoppingHook', patience={patience}, **steering),
            ]
            """)
            + dedent(extra)
        )
        return path

    return write
