import subprocess
import sys
from pathlib import Path

import pytest

from mmholdout.cli.prepare_data import main

TOOL = Path(__file__).resolve().parents[2] / 'tools' / 'prepare_data.py'


@pytest.mark.parametrize(
    'argv', [[], ['chekc'], ['sample', '--train', 'many'], ['sample', '--sed', '1']]
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
