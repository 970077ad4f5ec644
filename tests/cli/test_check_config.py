from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mmholdout.cli.check_config import main

ROOT = Path(__file__).resolve().parents[2]
CONFIG = str(ROOT / 'configs' / 'ssdlite_bccd.py')


def test_a_correct_config_prints_its_plan(capsys):
    assert main([CONFIG, '--no-data']) == 0
    out = capsys.readouterr().out
    assert 'val/mAP' in out
    assert 'ImageSets/Main/val.txt' in out


def test_all_mistakes_at_once_and_exit_code_2(capsys):
    wrong = ['evaluation.intervall=1', 'optim_wrapper.optimizer.type=SDG', 'evaluation.interval=0']
    assert main([CONFIG, '--no-data', '--cfg-options', *wrong]) == 2
    err = capsys.readouterr().err
    assert err.startswith('error: 3 problems:')
    assert 'Traceback' not in err
    for word in ("Did you mean 'interval'", "Did you mean 'SGD'", 'must be an integer >= 1'):
        assert word in err


def test_a_missing_file(capsys):
    assert main(['nothing.py', '--no-data']) == 2
    assert 'nothing.py does not exist' in capsys.readouterr().err


@pytest.mark.slow
def test_the_tool_runs_from_any_folder(tmp_path):
    tool = ROOT / 'tools' / 'check_config.py'
    out = subprocess.run(
        [sys.executable, str(tool), CONFIG, '--no-data'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (out.returncode, out.stderr) == (0, '')


def test_help_imports_nothing_heavy():
    code = (
        'import sys, mmholdout.cli.check_config as c; c.parser()\n'
        "print([m for m in ('torch', 'mmengine', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == '[]'
