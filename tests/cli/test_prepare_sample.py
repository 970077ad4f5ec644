import pytest

from mmholdout.cli.prepare_data import main
from mmholdout.sample import write


@pytest.fixture
def few(monkeypatch):
    """`sample` without --train makes 4 images instead of 520."""
    monkeypatch.setattr(write, 'COUNTS', {'train': 2, 'val': 1, 'test': 1})


def test_sample_says_what_it_did(few, tmp_path, capsys):
    out = str(tmp_path / 'set')
    assert main(['sample', '--out', out]) == 0
    assert main(['sample', '--out', out]) == 0
    assert main(['sample', '--out', out, '--seed', '3', '--force']) == 0
    counts = '2 train, 1 val, 1 test images'
    assert capsys.readouterr().out.splitlines() == [
        f'wrote {out} (seed 0): {counts}',
        f'already there, unchanged: {out} (seed 0): {counts}',
        f'replaced {out} (seed 3): {counts}',
    ]


def test_train_cuts_the_training_split_only(few, tmp_path, capsys):
    assert main(['sample', '--out', str(tmp_path / 'set'), '--train', '1']) == 0
    lists = {p.stem: len(p.read_text().split()) for p in tmp_path.rglob('*.txt')}
    assert lists == {'train': 1, 'val': 1, 'test': 1}


def test_another_set_there_is_the_users_mistake(few, tmp_path, capsys):
    out = str(tmp_path / 'set')
    main(['sample', '--out', out])
    assert main(['sample', '--out', out, '--seed', '1']) == 2
    message = capsys.readouterr().err
    assert message.startswith('error: ')
    assert '--force' in message
