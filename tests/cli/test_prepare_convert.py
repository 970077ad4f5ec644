import pytest

from mmholdout.cli.prepare_data import main


def test_what_is_kept_and_what_is_not(small_sample, tmp_path, capsys):
    out = tmp_path / 'yolo'
    assert main(['convert', str(small_sample), str(out), '--to', 'yolo']) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f'voc to yolo: {small_sample} to {out}' in lines
    assert any(line.startswith('  train: 24 images, ') for line in lines)
    assert '  classes: battery, nut, screw, washer' in lines
    assert any(line.startswith('  not kept: difficult: ') for line in lines)
    assert '  images: hard links to those of the source' in lines
    assert main(['convert', str(small_sample), str(out), '--to', 'yolo']) == 2
    assert 'is there already' in capsys.readouterr().err


def test_options(small_sample, tmp_path, capsys):
    words = ['--from', 'voc', '--images', 'copy', '--drop-ignored', '--classes']
    classes = ['washer', 'nut', 'screw', 'battery']
    out = str(tmp_path / 'coco')
    assert main(['convert', str(small_sample), out, '--to', 'coco', *words, *classes]) == 0
    said = capsys.readouterr().out
    assert 'classes: washer, nut, screw, battery' in said and 'images: copies' in said
    assert 'left out (--drop-ignored): ' in said and 'not kept: difficult' not in said


def test_an_unknown_format(small_sample, tmp_path, capsys):
    assert main(['convert', str(small_sample), str(tmp_path / 'x'), '--to', 'coko']) == 2
    assert "there is no format 'coko'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(['convert', str(small_sample), str(tmp_path / 'x')])
