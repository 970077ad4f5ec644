import subprocess
import sys
from pathlib import Path

import pytest

from mmholdout.cli.prepare_data import main
from mmholdout.sample import write

TOOL = Path(__file__).resolve().parents[2] / 'tools' / 'prepare_data.py'


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


@pytest.mark.parametrize(
    'argv', [[], ['check'], ['sample', '--train', 'many'], ['sample', '--sed', '1']]
)
def test_wrong_arguments_exit_with_2(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2


def test_the_tool_runs_without_torch_and_opencv_only_where_needed(tmp_path):
    code = (
        'import sys, runpy\n'
        'sys.argv = sys.argv[1:]\n'
        'try:\n    runpy.run_path(sys.argv[0], run_name="__main__")\n'
        'except SystemExit as stop:\n    assert not stop.code, stop.code\n'
        'print(sorted({"torch", "cv2", "mmengine"} & set(sys.modules)))\n'
    )

    def loaded(*argv):
        done = subprocess.run(
            [sys.executable, '-c', code, str(TOOL), *argv],
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        )
        return done.stdout.splitlines()[-1]

    assert loaded('--help') == '[]'
    assert loaded('sample', '--help') == '[]'
    assert loaded('sample', '--out', 'set', '--train', '1') == "['cv2']"
