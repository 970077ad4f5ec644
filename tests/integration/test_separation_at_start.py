"""Before the first batch: splits that are not disjoint, in whole runs."""

from __future__ import annotations

import json
import os
import shutil
import signal

import cv2
import pytest
import torch

from mmholdout.cli import check_config, report
from mmholdout.cli import train as train_command
from mmholdout.errors import DataError
from mmholdout.runner.split_progress import SplitProgress
from mmholdout.splits.record import read_splits

pytestmark = pytest.mark.guarantee
SHORT = 'train_cfg = dict(max_epochs=1)\n'


@pytest.fixture
def data(small_sample, tmp_path, monkeypatch):
    """A copy of the small sample, and an empty cache."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
    shutil.copytree(small_sample, tmp_path / 'data')
    return tmp_path / 'data'


@pytest.fixture
def run(train_small, data):
    """Trains on the copy; gives the run folder."""
    return lambda extra='', **o: train_small(f'{SHORT}data_root = {str(data)!r}\n{extra}', **o)


def image(data, split, number):
    name = (data / f'ImageSets/Main/{split}.txt').read_text().split()[number]
    return data / f'JPEGImages/{name}.jpg'


def plant_copy(data):
    """A test image with the bytes of a training image."""
    shutil.copy(image(data, 'train', 1), image(data, 'test', 2))


def plant_likeness(data):
    """A mirrored training image in val."""
    mirrored = cv2.imread(str(image(data, 'train', 3)))[:, ::-1]
    cv2.imwrite(str(image(data, 'val', 4)), mirrored, [cv2.IMWRITE_JPEG_QUALITY, 85])


def test_overlap_refuses_to_start(run, data, tmp_path):
    plant_copy(data)
    with pytest.raises(DataError, match="'test' also in 'train' with the same bytes"):
        run()
    assert not (tmp_path / 'work_dirs').exists()


def test_overlap_that_is_allowed_is_printed_by_every_report(run, data, capsys):
    plant_copy(data)
    folder = run('splits = dict(allow_overlap=True)')
    said = "splits: allow_overlap=True: 1 image of 'test' also in 'train' with the same bytes: "
    start, end = capsys.readouterr().out.split('Epoch 1: ')
    assert said in start and said in end
    assert said in (folder / 'train.log').read_text()
    assert json.loads((folder / 'summary.json').read_text())['splits'][0].startswith(said)
    assert report.main([str(folder)]) == 0 and said in capsys.readouterr().out
    for name in ('last', 'best_model'):
        path = folder / f'checkpoints/{name}.pth'
        record = torch.load(path, weights_only=True)['meta']['splits']
        assert record['allow_overlap'] is True and len(record['shared']) == 1


def test_near_duplicates_are_listed_with_a_sheet(run, data, capsys):
    plant_likeness(data)
    folder = run()
    out = capsys.readouterr().out
    one, other = image(data, 'train', 3).stem, image(data, 'val', 4).stem
    assert f'train {one} and val {other}: mirrored copy' in out
    assert out.count('1 pair of near-duplicates across splits (1 mirrored copy)') == 2
    assert f'pictures of the near-duplicates: {folder}/near_duplicates.png' in out
    assert cv2.imread(str(folder / 'near_duplicates.png')) is not None
    run('train_cfg = dict(max_epochs=2)', resume='last')
    out = capsys.readouterr().out
    assert 'images: unchanged since they were compared' in out
    assert out.count('1 pair of near-duplicates') == 2
    assert (folder / 'near_duplicates.png').is_file()


def test_near_duplicates_refuse_and_the_way_to_see_them_is_said(run, data, tmp_path):
    plant_likeness(data)
    with pytest.raises(DataError, match=r'prepare_data\.py check \S+ --sheet near_duplicates\.png'):
        run("splits = dict(near_duplicates='refuse')")
    assert not (tmp_path / 'work_dirs').exists()


def test_a_group_in_two_splits_refuses(run, tmp_path):
    with pytest.raises(DataError, match=r"Group '0001' is in both 'train' .* and 'val'"):
        run(r"splits = dict(group=r'_(\d+)')")
    assert not (tmp_path / 'work_dirs').exists()


def test_clean_splits_are_one_line_and_on_record(run, data, capsys):
    folder = run()
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line.startswith('splits')] == [
        'splits: train 24, val 10, test 8 images compared: none is shared, no near-duplicates'
    ]
    record = read_splits(folder / 'splits.json')
    assert {s: len(one['files']) for s, one in record.items()} == {
        'train': 24,
        'val': 10,
        'test': 8,
    }
    assert not (folder / 'near_duplicates.png').exists()


def test_no_annotation_of_the_test_split_is_opened(run, data):
    for name in (data / 'ImageSets/Main/test.txt').read_text().split():
        (data / f'Annotations/{name}.xml').unlink()
    run()


def test_a_check_says_what_the_start_will_do(run, small_config, data, capsys, monkeypatch):
    plant_likeness(data)
    config = str(small_config(f'data_root = {str(data)!r}'))
    monkeypatch.setattr(cv2, 'imdecode', None)  # the cold comparison is not done twice
    assert check_config.main([config]) == 0
    assert 'compared, near-duplicates listed' in capsys.readouterr().out
    assert train_command.main([config, '--dry-run']) == 0
    assert 'compared, near-duplicates listed' in capsys.readouterr().out


@pytest.mark.parametrize(('signum', 'code'), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_while_splits_are_compared(
    signum, code, small_config, data, tmp_path, capsys, monkeypatch
):
    told = SplitProgress.__call__

    def interrupted(self, what, done, of):
        if done == 5:
            os.kill(os.getpid(), signum)
        told(self, what, done, of)

    monkeypatch.setattr(SplitProgress, '__call__', interrupted)
    config = str(small_config(f'data_root = {str(data)!r}'))
    folder = tmp_path / 'work_dirs' / 'run'
    assert train_command.main([config, '--work-dir', str(folder), '--device', 'cpu']) == code
    assert 'interrupted while the splits were compared' in capsys.readouterr().err
    assert not folder.parent.exists()
    assert list((tmp_path / 'cache').rglob('digests/*'))  # what was computed is kept
