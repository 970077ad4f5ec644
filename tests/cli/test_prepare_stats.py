import cv2
import pytest

from mmholdout.cli.prepare_data import main


def test_table_and_picture(small_sample, tmp_path, capsys):
    picture = tmp_path / 'stats.png'
    assert main(['stats', str(small_sample), '--picture', str(picture)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split() == ['objects', 'train', 'val', 'test'] for line in lines)
    assert any(line.split() == ['images', '24', '10', '8'] for line in lines)
    assert lines[-1] == f'drawn: {picture}'
    assert cv2.imread(str(picture)) is not None


def test_a_config_and_no_picture(small_config, small_sample, capsys):
    options = ['--cfg-options', f'data_root={small_sample}']
    assert main(['stats', str(small_config()), *options]) == 0
    assert 'drawn' not in capsys.readouterr().out


@pytest.mark.parametrize('name', ['stats.jpg', 'none/stats.png'])
def test_pictures_that_cannot_be(small_sample, tmp_path, name, capsys):
    assert main(['stats', str(small_sample), '--picture', str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert 'needs a .png file in a folder that is there' in captured.err and captured.out == ''
