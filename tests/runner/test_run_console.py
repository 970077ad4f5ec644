import errno
from pathlib import Path

from mmholdout.runner.run_console import RunConsole


def test_what_was_said_before_there_was_a_log_is_in_it(tmp_path, capsys):
    console = RunConsole()
    console.say('first')
    console.log('only for the log')
    assert not list(tmp_path.iterdir())
    console.open_log(tmp_path / 'train.log')
    console.say('last')
    lines = (tmp_path / 'train.log').read_text().splitlines()
    assert [line[20:] for line in lines] == ['first', 'only for the log', 'last']
    assert capsys.readouterr().out.splitlines() == ['first', 'last']


def test_without_a_log_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    RunConsole().say('refused')
    assert not list(tmp_path.iterdir())


def test_a_full_disk_ends_the_log_and_not_the_run(tmp_path, monkeypatch, capsys):
    console = RunConsole()
    console.open_log(tmp_path / 'train.log')
    console.say('first')

    def full(*_, **__):
        raise OSError(errno.ENOSPC, 'No space left on device')

    with monkeypatch.context() as patch:
        patch.setattr(Path, 'open', full)
        console.say('second')
    console.say('third')
    assert (tmp_path / 'train.log').read_text()[20:] == 'first\n'
    first, warning, second, third = capsys.readouterr().out.splitlines()
    assert (first, second, third) == ('first', 'second', 'third')
    assert 'train.log cannot be written (No space left on device)' in warning
