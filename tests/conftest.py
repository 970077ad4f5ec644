"""What all tests share: a small sample set, and a run on it that takes seconds."""

import os

os.environ.setdefault('OMP_NUM_THREADS', '2')

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import settings

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
