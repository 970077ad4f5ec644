"""Three folds of the small sample set: drawn, trained, put together."""

import json
import shutil

import pytest

from mmholdout.cli.prepare_data import main as prepare_main
from mmholdout.cli.report import main as report_main
from mmholdout.cli.train import main as train_main

pytestmark = pytest.mark.guarantee


@pytest.fixture
def data(small_sample, tmp_path):
    return shutil.copytree(small_sample, tmp_path / 'data')


def test_three_folds(small_config, data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    config = str(small_config(f'data_root = {str(data)!r}\ntrain_cfg = dict(max_epochs=1)'))
    assert train_main([config, '--fold', '0', '--device', 'cpu']) == 2
    said = capsys.readouterr().err
    assert 'has no fold0_train.txt' in said and 'split FOLDER --folds' in said
    assert not (tmp_path / 'work_dirs').exists()

    lists = data / 'ImageSets' / 'Main'
    test = (lists / 'test.txt').read_bytes()
    assert prepare_main(['split', str(data), '--folds', '3', '--no-duplicates']) == 0
    out = capsys.readouterr().out
    assert out.split()[:4] == ['fold0', 'fold1', 'fold2', 'test'] and 'stays as it was' in out
    assert (lists / 'test.txt').read_bytes() == test
    assert train_main([config, '--fold', '3', '--device', 'cpu']) == 2
    assert 'there are folds 0, 1, 2' in capsys.readouterr().err

    for fold in range(3):
        assert train_main([config, '--fold', str(fold), '--device', 'cpu']) == 0
    out = capsys.readouterr().out
    held = []
    for fold in range(3):
        folder = tmp_path / 'work_dirs' / 'small' / f'fold_{fold}'
        splits = json.loads((folder / 'splits.json').read_text())
        for split in ('train', 'val'):
            listed = (lists / f'fold{fold}_{split}.txt').read_text().split()
            assert splits[split]['ids'] == listed
        assert f'fold = {fold}\n' in (folder / 'config.py').read_text()
        held += splits['val']['ids']
    everything = [i for s in ('train', 'val') for i in (lists / f'{s}.txt').read_text().split()]
    assert sorted(held) == sorted(everything)

    assert report_main([str(tmp_path / 'work_dirs' / 'small')]) == 0
    out = capsys.readouterr().out
    assert 'best val/mAP over 3 folds: mean 0.' in out and 'standard deviation' in out
    assert 'these are validation numbers' in out and 'warning' not in out
    assert report_main([str(tmp_path / 'work_dirs' / 'small' / 'fold_1')]) == 0
    assert train_main([config, '--fold', '1', '--device', 'cpu']) == 2
    assert 'already holds a run' in capsys.readouterr().err
