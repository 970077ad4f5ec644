import subprocess
import sys

import pytest

from mmholdout.cli.refit import main, parser


@pytest.mark.parametrize(
    ('argv', 'expected'),
    [
        (['a'], {'out': None, 'resume': None, 'device': None, 'dry_run': False}),
        (['a', '--work-dir', 'b', '--resume'], {'out': 'b', 'resume': 'last'}),
        (['a', '--out', 'b', '--resume', 'auto'], {'out': 'b', 'resume': 'auto'}),
        (['a', '--dry-run', '--device', 'cpu'], {'dry_run': True, 'device': 'cpu'}),
    ],
)
def test_the_options_reach_the_command(argv, expected, monkeypatch):
    from mmholdout.runner import refit as module

    given = {}
    monkeypatch.setattr(module, 'refit', lambda run, **options: given.update(run=run, **options))
    assert main(argv) == 0
    assert given['run'] == 'a' and expected.items() <= given.items()


def test_no_run_is_one_message(tmp_path, capsys):
    assert main([str(tmp_path / 'no')]) == 2
    assert 'holds no run' in capsys.readouterr().err


def test_help_imports_nothing_heavy():
    code = (
        'import sys; from mmholdout.cli.refit import parser; parser().format_help(); '
        'print([m for m in ("torch", "numpy", "mmengine") if m in sys.modules])'
    )
    out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == '[]'


def test_what_it_does_is_said():
    assert 'Nothing is validated' in ' '.join(parser().format_help().split())
