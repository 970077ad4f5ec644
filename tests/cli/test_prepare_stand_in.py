from mmholdout.cli.prepare_data import main


def test_it_says_what_it_is_and_how_to_use_it(tmp_path, capsys):
    out = str(tmp_path / 'devkit')
    assert main(['stand-in', '--out', out]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f'wrote {out} (seed 0): 24 in VOC2007/train')
    assert 'says nothing about VOC' in lines[1]
    assert lines[2].endswith(f'--cfg-options data_root={out}')
    assert main(['stand-in', '--out', out]) == 0
    assert capsys.readouterr().out.startswith('already there, unchanged: ')
    assert main(['stand-in', '--out', out, '--seed', '1']) == 2
    assert '--force' in capsys.readouterr().err
    assert main(['stand-in', '--out', out, '--seed', '1', '--force']) == 0
    assert capsys.readouterr().out.startswith('replaced ')
