import subprocess
import sys
import time

import pytest

from mmholdout.cli.train import main, parser


def test_help_is_quick_and_imports_nothing_heavy():
    code = (
        'import sys; from mmholdout.cli.train import parser; parser().format_help(); '
        'print([m for m in ("torch", "numpy", "mmengine") if m in sys.modules])'
    )
    started = time.perf_counter()
    out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == '[]'
    assert time.perf_counter() - started < 5  # the target is 0.5 s on a machine at rest


@pytest.mark.parametrize('option', [['--launcher', 'pytorch'], ['--launcher', 'slurm']])
def test_what_does_not_work_yet_is_refused(option, capsys):
    assert main(['any.py', *option]) == 2
    assert 'not available yet' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('argv', 'resume'), [([], None), (['--resume'], 'last'), (['--resume', 'auto'], 'auto')]
)
def test_resume_forms(argv, resume):
    assert parser().parse_args(['c.py', *argv]).resume == resume


@pytest.mark.parametrize(('argv', 'amp'), [([], False), (['--amp'], True)])
def test_amp_reaches_the_run(argv, amp, monkeypatch):
    from mmholdout.runner import train as train_module

    given = {}
    monkeypatch.setattr(train_module, 'train', lambda config, **options: given.update(options))
    assert main(['c.py', *argv]) == 0
    assert given['amp'] is amp


def test_a_missing_config(capsys):
    assert main(['nowhere/no.py']) == 2
    assert 'nowhere/no.py' in capsys.readouterr().err


@pytest.mark.parametrize(('argv', 'fold'), [([], None), (['--fold', '0'], 0), (['--fold', '3'], 3)])
def test_the_fold_reaches_the_run(argv, fold, monkeypatch):
    from mmholdout.runner import train as train_module

    given = {}
    monkeypatch.setattr(train_module, 'train', lambda config, **options: given.update(options))
    assert main(['c.py', *argv]) == 0
    assert given['fold'] is fold


@pytest.mark.parametrize('fold', ['-1', 'a', '1.5'])
def test_a_fold_that_cannot_be(fold, capsys):
    with pytest.raises(SystemExit) as stop:
        parser().parse_args(['c.py', f'--fold={fold}'])
    assert stop.value.code == 2
    assert 'must be the number of a fold, from 0' in capsys.readouterr().err
