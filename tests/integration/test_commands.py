"""The commands as a user types them, in processes of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def command(tool, *args):
    return [sys.executable, str(ROOT / 'tools' / f'{tool}.py'), *map(str, args)]


def run(tool, *args, cwd=None):
    return subprocess.run(
        command(tool, *args), capture_output=True, text=True, cwd=cwd, check=False, timeout=250
    )


def test_train_test_predict_report(small_config, tmp_path, small_sample):
    config, work_dir = small_config('train_cfg = dict(max_epochs=2)'), tmp_path / 'wd' / 'run'
    best = work_dir / 'checkpoints' / 'best_model.pth'
    done = run('train', config, '--work-dir', work_dir, '--device', 'cpu')
    assert done.returncode == 0, done.stderr
    assert done.stderr == ''  # no chatter of libraries
    assert 'Epoch 2: mAP@0.5 = ' in done.stdout

    again = run('train', config, '--work-dir', work_dir)
    assert again.returncode == 2 and 'already holds a run' in again.stderr

    first = run('test', config, best)
    assert first.returncode == 0, first.stderr
    assert 'test split used once' in first.stdout
    second = run('test', config, best)
    assert second.returncode == 2 and '--again' in second.stderr
    assert 'Traceback' not in second.stderr

    out = tmp_path / 'drawn'
    drawn = run('predict', best, small_sample / 'JPEGImages', '--out-dir', out)
    assert drawn.returncode == 0, drawn.stderr
    assert len(list(out.iterdir())) == len(list((small_sample / 'JPEGImages').iterdir()))

    told = run('report', work_dir)
    assert told.returncode == 0 and 'stopped: max_epochs after epoch 2' in told.stdout


def start(config, work_dir):
    return subprocess.Popen(
        command('train', config, '--work-dir', work_dir, '--device', 'cpu'),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # as a terminal does: the signal goes to the whole group
    )


@pytest.mark.parametrize(('signum', 'code'), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.skipif(os.name == 'nt', reason='signals to a process group are POSIX')
def test_ctrl_c_and_sigterm_leave_a_resumable_run(small_config, tmp_path, signum, code):
    config = small_config("""
    train_cfg = dict(max_epochs=500)
    train_dataloader = dict(batch_size=8, num_workers=1, dataset=dict(pipeline=small))
    custom_hooks = []
    """)
    work_dir = tmp_path / 'run'
    process = start(config, work_dir)
    history = work_dir / 'history.jsonl'
    deadline = time.monotonic() + 120
    while not (history.exists() and len(history.read_text().splitlines()) >= 2):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.killpg(process.pid, signum)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == code, stderr
    assert 'Traceback' not in stderr
    assert '--resume' in stderr
    rows = [json.loads(line) for line in history.read_text().splitlines()]

    short = small_config(f'train_cfg = dict(max_epochs={len(rows) + 2})\ncustom_hooks = []\n')
    resumed = run('train', short, '--work-dir', work_dir, '--resume', '--device', 'cpu')
    assert resumed.returncode == 0, resumed.stderr
    after = [json.loads(line) for line in history.read_text().splitlines()]
    assert after[: len(rows)] == rows
    assert [row['epoch'] for row in after] == list(range(1, len(rows) + 3))


def test_all_mistakes_of_a_config_at_once(small_config):
    config = small_config("""
    evaluation = dict(intervall=1, save_best='val/map')
    train_cgf = dict(max_epochs=1)
    optim_wrapper = dict(optimizer=dict(type='SDG'))
    """)
    for tool, arguments in (('train', ()), ('check_config', ('--no-data',))):
        done = run(tool, config, *arguments)
        assert done.returncode == 2
        assert 'Traceback' not in done.stderr
        for near in ("'interval'", "'val/mAP'", "'train_cfg'", "'SGD'"):
            assert f'Did you mean {near}' in done.stderr, done.stderr


def test_a_data_root_that_is_not_there(tmp_path):
    config = ROOT / 'configs' / 'ssdlite_bccd.py'
    done = run('train', config, '--work-dir', tmp_path / 'x', '--cfg-options', 'data_root=nowhere')
    assert done.returncode == 2
    assert 'nowhere' in done.stderr and 'data_root' in done.stderr
    assert 'Traceback' not in done.stderr
