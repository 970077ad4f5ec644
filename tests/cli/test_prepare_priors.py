import subprocess
import sys

import pytest

from mmholdout.cli.prepare_data import main

COARSE = """
model = dict(bbox_head=dict(anchor_generator=dict(min_sizes=[40, 50, 60], max_sizes=[50, 60, 64])))
"""


def test_it_prints_before_and_after_and_lines_that_run(small_config, capsys):
    assert main(['priors', str(small_config(COARSE))]) == 0
    out = capsys.readouterr().out
    assert 'screw' in out and '->' in out
    said = {}
    exec(out.partition('Paste into a child config:')[2], said)  # noqa: S102  (our own text)
    assert set(said['model']['bbox_head']['anchor_generator']) == {
        'min_sizes',
        'max_sizes',
        'ratios',
    }


def test_options_reach_the_config(small_config, capsys):
    assert main(['priors', str(small_config(COARSE)), '--cfg-options', 'data_root=nowhere']) == 2
    assert 'nowhere' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('head', 'said'),
    [
        ("dict(_delete_=True, type='FCOSHead', num_classes=4, in_channels=16)", 'no prior boxes'),
        ('dict(num_clases=4)', 'num_classes'),
    ],
)
def test_what_cannot_be_is_said_with_exit_code_2(small_config, capsys, head, said):
    assert main(['priors', str(small_config(f'model = dict(bbox_head={head})'))]) == 2
    err = capsys.readouterr().err
    assert err.startswith('error: ') and said in err and 'Traceback' not in err


def test_help_imports_nothing_heavy():
    code = (
        'import sys\nfrom mmholdout.cli.prepare_data import main\n'
        "try:\n    main(['priors', '--help'])\nexcept SystemExit:\n    pass\n"
        "print([m for m in ('torch', 'mmengine', 'numpy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert out.stdout.strip().splitlines()[-1] == '[]'
