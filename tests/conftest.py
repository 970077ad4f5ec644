"""What all tests share: a small sample set, and a run on it that takes seconds."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import settings

os.environ.setdefault('OMP_NUM_THREADS', '2')


def _own_caches():
    """Digests and indices of test data are no business of the user's cache; fonts may stay."""
    if 'PYTEST_XDIST_WORKER' in os.environ:
        return  # has its parent's
    usual = Path(os.environ.get('XDG_CACHE_HOME') or Path.home() / '.cache')
    os.environ.setdefault('MPLCONFIGDIR', str(usual / 'matplotlib'))
    os.environ['XDG_CACHE_HOME'] = folder = tempfile.mkdtemp(prefix='mmholdout-test-cache-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


_own_caches()

settings.register_profile('shared machine', deadline=None)  # timings there are no property
settings.load_profile('shared machine')

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope='session')
def small_sample(tmp_path_factory):
    """A VOC folder with 24 train, 10 val and 8 test images."""
    from mmholdout.sample.write import write_sample

    folder = tmp_path_factory.mktemp('data') / 'sample'
    write_sample(folder, train=24)
    for split, count in (('val', 10), ('test', 8)):
        path = folder / 'ImageSets' / 'Main' / f'{split}.txt'
        lines = path.read_text().splitlines()[:count]
        path.write_text('\n'.join(lines) + '\n')
    return folder


@pytest.fixture
def small_config(tmp_path, small_sample):
    """Writes a config: the sample's at 64 px on the small set, three epochs; gives its path."""

    def write(extra='', name='small.py'):
        path = tmp_path / name
        path.write_text(
            dedent(f"""\
            _base_ = [{str(ROOT / 'configs' / 'ssdlite_sample.py')!r}]
            data_root = {str(small_sample)!r}
            small = [
                dict(type='LoadImageFromFile'),
                dict(type='LoadAnnotations', with_bbox=True),
                dict(type='Resize', scale=(64, 64), keep_ratio=False),
                dict(type='PackDetInputs'),
            ]
            model = dict(
                backbone=dict(channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1)),
                bbox_head=dict(in_channels=(16, 16, 16), anchor_generator=dict(input_size=64)),
            )
            train_dataloader = dict(batch_size=8, num_workers=0, dataset=dict(pipeline=small))
            val_dataloader = dict(batch_size=5, num_workers=0, dataset=dict(pipeline=small))
            test_dataloader = dict(batch_size=5, num_workers=0, dataset=dict(pipeline=small))
            train_cfg = dict(max_epochs=3)
            evaluation = dict(interval=1, train_eval=6)
            """)
            + dedent(extra)
        )
        return path

    return write


@pytest.fixture
def train_small(small_config, tmp_path):
    """Train the small config in this process; gives the run folder."""

    def run(extra='', work_dir=None, **options):
        from mmholdout.runner.train import train

        work_dir = work_dir or tmp_path / 'work_dirs' / 'small'
        train(str(small_config(extra)), work_dir=str(work_dir), device='cpu', **options)
        return Path(work_dir)

    return run


@pytest.fixture(scope='session')
def _tested_run(tmp_path_factory, small_sample):
    """A run whose steering cuts and stops, tested once; not to be changed."""
    from mmholdout.runner.test import test
    from mmholdout.runner.train import train

    base = tmp_path_factory.mktemp('tested')
    lists = (small_sample / 'ImageSets' / 'Main').glob('*.txt')
    listed = {i for path in lists for i in path.read_text().split()}
    shutil.copytree(
        small_sample,
        base / 'data',
        ignore=lambda folder, names: {
            name
            for name in names
            if folder.endswith(('JPEGImages', 'Annotations')) and Path(name).stem not in listed
        },
    )
    config = base / 'small.py'
    config.write_text(
        dedent(f"""\
        _base_ = [{str(ROOT / 'configs' / 'ssdlite_sample.py')!r}]
        data_root = {str(base / 'data')!r}
        small = [
            dict(type='LoadImageFromFile'),
            dict(type='LoadAnnotations', with_bbox=True),
            dict(type='Resize', scale=(64, 64), keep_ratio=False),
            dict(type='PackDetInputs'),
        ]
        model = dict(
            backbone=dict(channels=(4, 8, 16, 16, 16), depths=(1, 1, 1, 1, 1)),
            bbox_head=dict(in_channels=(16, 16, 16), anchor_generator=dict(input_size=64)),
        )
        train_dataloader = dict(batch_size=8, num_workers=0, dataset=dict(pipeline=small))
        val_dataloader = dict(batch_size=5, num_workers=0, dataset=dict(pipeline=small))
        test_dataloader = dict(batch_size=5, num_workers=0, dataset=dict(pipeline=small))
        train_cfg = dict(max_epochs=6)
        evaluation = dict(interval=1, train_eval=6)
        schedule = dict(_delete_=True, type='constant')
        custom_hooks = [
            dict(type='ReduceLROnPlateauHook', monitor='mAP', patience=0, min_delta=0.5),
            dict(type='EarlyStoppingHook', monitor='mAP', patience=1, min_delta=0.5),
        ]
        """)
    )
    folder = base / 'work_dirs' / 'small'
    train(str(config), work_dir=str(folder), device='cpu')
    test(str(config), str(folder / 'checkpoints' / 'best_model.pth'), device='cpu')
    return folder


@pytest.fixture
def tested_run(tmp_path, _tested_run):
    """A copy of that run and of its data to do anything to; `data` is beside `work_dirs`."""
    shutil.copytree(_tested_run.parents[1], tmp_path / 'copy')
    return tmp_path / 'copy' / 'work_dirs' / 'small'


@pytest.fixture(scope='session')
def _kept_runs():
    return {}


@pytest.fixture
def copied_run(train_small, tmp_path, tmp_path_factory, _kept_runs):
    """A copy of the run folder that the small config leaves; trained once for each text."""

    def copy(extra='', name='copy'):
        if extra not in _kept_runs:
            folder = tmp_path_factory.mktemp('runs') / 'run'
            _kept_runs[extra] = train_small(extra, work_dir=folder)
        return Path(shutil.copytree(_kept_runs[extra], tmp_path / name))

    return copy
