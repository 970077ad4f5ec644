import shutil

import pytest

from mmholdout.cli.prepare_data import main
from mmholdout.sample.write import write_sample


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / 'data'
    write_sample(root, train=12, val=4, test=4)
    shutil.rmtree(root / 'ImageSets')
    return root


def test_it_says_what_is_in_each_split(folder, capsys):
    assert main(['split', str(folder), '--no-duplicates']) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ['train', 'val', 'test']
    assert lines[1].split() == ['images', '14', '3', '3']
    assert {line.split()[0] for line in lines[2:6]} == {'battery', 'nut', 'screw', 'washer'}
    assert lines[-1] == f'wrote {folder / "ImageSets" / "Main"} (seed 0)'
    assert (folder / 'ImageSets' / 'Main' / 'test.txt').is_file()


def test_copies_are_looked_for(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))
    assert main(['split', str(folder), '--ratios', 'train=0.8', 'val=0.2']) == 0
    assert 'Compared by content: 20 images.' in capsys.readouterr().out


def test_a_second_draw_needs_force(folder, capsys):
    arguments = ['split', str(folder), '--no-duplicates']
    assert main(arguments) == 0
    assert main([*arguments, '--seed', '1']) == 2
    assert '--force' in capsys.readouterr().err
    assert main([*arguments, '--seed', '1', '--force']) == 0


@pytest.mark.parametrize('ratios', [['train=0.7'], ['train=1.5', 'val=0.1'], ['a=0.5', 'val=0.5']])
def test_ratios_that_cannot_be_exit_with_2(folder, ratios, capsys):
    try:
        code = main(['split', str(folder), '--ratios', *ratios])
    except SystemExit as stop:
        code = stop.code
    assert code == 2
    assert not (folder / 'ImageSets').exists()


def test_folds_beside_a_fixed_test_list(folder, capsys):
    arguments = ['split', str(folder), '--no-duplicates', '--folds', '3']
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ['fold0', 'fold1', 'fold2', 'test']
    assert lines[1].split() == ['images', '6', '6', '5', '3']
    assert 'Each image is in val once' in lines[-2]
    assert lines[-1].endswith('fold2_val.txt and test.txt (seed 0)')
    test = (folder / 'ImageSets' / 'Main' / 'test.txt').read_bytes()
    assert main(arguments) == 2
    assert '--force' in capsys.readouterr().err
    assert main([*arguments, '--force', '--seed', '1']) == 0
    assert 'test.txt stays as it was' in capsys.readouterr().out
    assert (folder / 'ImageSets' / 'Main' / 'test.txt').read_bytes() == test


@pytest.mark.parametrize('ratios', [['train=0.7', 'val=0.3'], ['test=0.1', 'test=0.2']])
def test_ratios_beside_folds(folder, ratios, capsys):
    assert main(['split', str(folder), '--folds', '3', '--ratios', *ratios]) == 2
    assert '--ratios can only name test' in capsys.readouterr().err
    assert not (folder / 'ImageSets').exists()


def test_a_share_for_test_beside_folds(folder, capsys):
    arguments = ['split', str(folder), '--no-duplicates', '--folds', '2']
    assert main([*arguments, '--ratios', 'test=0.4']) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ['images', '6', '6', '8']
