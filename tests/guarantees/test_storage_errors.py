"""A disk that is full or may not be written: one message, and nothing that existed is lost."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmholdout.errors import DataError, StorageError
from mmholdout.runner.checkpoint import read_checkpoint

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO = 'train_cfg = dict(max_epochs=1)\n', 'train_cfg = dict(max_epochs=2)\n'
CHECKPOINTS = ('last.pth', 'last.prev.pth', 'best_model.pth')


def failure(number=errno.ENOSPC):
    return OSError(number, os.strerror(number))


class FullFile(io.FileIO):
    def write(self, data):
        raise failure()


def fail_at(patch, operation, name):
    """From now on an operation on one file of the run fails."""
    if operation == 'write':
        opened = Path.open

        def open_full(self, mode='r', *args, **kwargs):
            if name in self.name and set(mode) & set('wax'):
                return FullFile(self, mode.replace('b', ''))
            return opened(self, mode, *args, **kwargs)

        patch.setattr(Path, 'open', open_full)
    elif operation == 'fsync':
        fsync = os.fsync

        def sync(handle):
            if name in str(Path(f'/proc/self/fd/{handle}').readlink()):
                raise failure()
            fsync(handle)

        patch.setattr(os, 'fsync', sync)
    else:
        replace, failed = Path.replace, []

        def rename(self, target):
            if Path(target).name == name and not failed:  # else nothing could be put back
                failed.append(name)
                raise failure()
            return replace(self, target)

        patch.setattr(Path, 'replace', rename)


@pytest.mark.guarantee
@pytest.mark.skipif(not Path('/proc/self/fd').exists(), reason='needs /proc')
@pytest.mark.parametrize(
    ('name', 'operation'),
    [
        ('last.pth', 'write'),
        ('last.pth', 'rename'),
        ('history.jsonl', 'write'),
        *(
            pytest.param(*more, marks=pytest.mark.long)
            for more in (
                ('last.pth', 'fsync'),
                ('last.prev.pth', 'rename'),
                ('history.jsonl', 'fsync'),
                ('summary.json', 'write'),
                ('config.py', 'write'),
                ('digests.json', 'rename'),
            )
        ),
    ],
)
def test_a_full_disk_ends_with_one_message_and_the_run_can_go_on(
    train_small, copied_run, monkeypatch, name, operation
):
    folder = copied_run(TWO)
    before = {n: read_checkpoint(folder / 'checkpoints' / n)['meta']['iter'] for n in CHECKPOINTS}
    longer = 'train_cfg = dict(max_epochs=3)\n'
    with monkeypatch.context() as patch:
        fail_at(patch, operation, name)
        with pytest.raises(StorageError, match=f'{name.removesuffix(".prev.pth")}.* cannot') as end:
            train_small(longer, folder, resume='last')
    text = str(end.value)
    assert 'No space left on device' in text and 'Intact in' in text and '--resume' in text
    for n, iteration in before.items():
        assert read_checkpoint(folder / 'checkpoints' / n)['meta']['iter'] >= iteration
    assert not list(folder.rglob('.*.tmp'))
    train_small(longer, folder, resume='last')
    assert len((folder / 'history.jsonl').read_text().splitlines()) == 3


def test_a_picture_is_not_worth_a_run(train_small, tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        fail_at(patch, 'rename', 'curves.png')
        folder = train_small(ONE, tmp_path / 'run')
    assert 'curves.png was not drawn, training goes on' in capsys.readouterr().out
    assert (folder / 'summary.json').exists()


def test_a_read_only_disk(train_small, copied_run, monkeypatch):
    folder = copied_run(ONE)
    opened = Path.open

    def read_only(self, mode='r', *args, **kwargs):
        if folder in self.parents and set(mode) & set('wax'):
            raise failure(errno.EROFS)
        return opened(self, mode, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, 'open', read_only)
        with pytest.raises(StorageError, match='Read-only file system'):
            train_small(TWO, folder, resume='last')
    train_small(TWO, folder, resume='last')


def test_bad_data_in_mid_epoch_says_how_to_go_on(train_small, copied_run, monkeypatch):
    from mmholdout.loops import train_loop

    folder = copied_run(ONE)
    before = (folder / 'checkpoints/last.pth').read_bytes()

    def bad(*_, **__):
        raise DataError('image 7 cannot be read')

    with monkeypatch.context() as patch:
        patch.setattr(train_loop, 'train_step', bad)
        with pytest.raises(DataError, match=r'image 7(.|\n)*continue with:\n.*--resume$'):
            train_small(TWO, folder, resume='last')
    assert (folder / 'checkpoints/last.pth').read_bytes() == before


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.skipif(os.name == 'nt', reason='needs limits of a process')
def test_a_real_limit_of_the_file_size(train_small, copied_run, small_config):
    """The system itself refuses: through the command, with its exit code."""
    folder = copied_run(ONE)
    size = (folder / 'checkpoints/last.pth').stat().st_size
    before = (folder / 'checkpoints/last.pth').read_bytes()
    code = (
        'import resource, sys\n'
        f'resource.setrlimit(resource.RLIMIT_FSIZE, ({size // 2}, resource.RLIM_INFINITY))\n'
        'from mmholdout.cli.train import main\n'
        'sys.exit(main(sys.argv[1:]))\n'
    )
    words = [str(small_config(TWO)), '--work-dir', str(folder), '--device', 'cpu', '--resume']
    done = subprocess.run(
        [sys.executable, '-c', code, *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2, done.stderr
    assert 'Traceback' not in done.stderr + done.stdout
    assert 'last.pth cannot be written: File too large' in done.stderr
    assert 'Intact in' in done.stderr and '--resume' in done.stderr
    assert (folder / 'checkpoints/last.pth').read_bytes() == before
    train_small(TWO, folder, resume='last')
