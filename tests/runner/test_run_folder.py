import errno
import subprocess
import sys

import pytest

from mmholdout.errors import RunFolderError
from mmholdout.runner.run_folder import RunFolder


def test_begins_in_a_new_folder(tmp_path):
    folder = RunFolder(tmp_path / 'a' / 'run')
    folder.begin(resume=False)
    assert folder.checkpoints.is_dir()
    assert not folder.holds_run()


@pytest.mark.parametrize(
    'left', ['history.jsonl', 'checkpoints/last.pth', 'checkpoints/best_model.pth']
)
def test_a_folder_with_a_run_is_refused(tmp_path, left):
    folder = RunFolder(tmp_path)
    folder.begin(resume=False)
    (tmp_path / left).touch()
    with pytest.raises(RunFolderError, match=r'already holds a run.*--resume.*--work-dir'):
        folder.begin(resume=False)
    folder.begin(resume=True)


def test_a_folder_in_which_a_run_failed_at_once_may_be_used_again(tmp_path):
    folder = RunFolder(tmp_path)
    folder.begin(resume=False)
    folder.log.write_text('error')
    folder.begin(resume=False)


def test_a_file_in_its_place(tmp_path):
    (tmp_path / 'run').touch()
    with pytest.raises(RunFolderError, match='is a file'):
        RunFolder(tmp_path / 'run').begin(resume=False)


def test_the_oldest_numbered_ones_are_dropped(tmp_path):
    folder = RunFolder(tmp_path)
    folder.begin(resume=False)
    for epoch in (2, 9, 10, 11):
        folder.numbered(epoch).write_text(str(epoch))
    folder.drop_numbered(keep=2)
    kept = {p.name: p.read_text() for p in folder.checkpoints.glob('epoch_*')}
    assert kept == {'epoch_10.pth': '10', 'epoch_11.pth': '11'}


def test_a_check_makes_nothing(tmp_path):
    folder = RunFolder(tmp_path / 'a' / 'run')
    folder.check(resume=False)
    assert not list(tmp_path.iterdir())
    assert folder.existing_part() == tmp_path


def test_a_file_further_up(tmp_path):
    (tmp_path / 'a').touch()
    with pytest.raises(RunFolderError, match='a is a file'):
        RunFolder(tmp_path / 'a' / 'run').check(resume=False)


def test_a_place_that_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr('os.access', lambda path, mode: False)
    with pytest.raises(RunFolderError, match='not writable'):
        RunFolder(tmp_path / 'run').check(resume=False)


def test_another_run_that_began_in_the_meantime(tmp_path):
    first, second = RunFolder(tmp_path / 'run'), RunFolder(tmp_path / 'run')
    for folder in (first, second):
        folder.check(resume=False)
    first.begin(resume=False)
    first.history.touch()
    with pytest.raises(RunFolderError, match='already holds a run'):
        second.begin(resume=False)


def test_two_processes_do_not_share_a_folder(tmp_path):
    first, second = RunFolder(tmp_path / 'run'), RunFolder(tmp_path / 'run')
    first.begin(resume=False)
    with pytest.raises(RunFolderError, match='another process is running in'):
        second.begin(resume=True)
    first.end()
    second.begin(resume=True)
    second.end()


def test_a_process_that_was_killed_keeps_nobody_out(tmp_path):
    code = (
        'import os, sys\n'
        'from mmholdout.runner.run_folder import RunFolder\n'
        'folder = RunFolder(sys.argv[1])\n'
        'folder.begin(resume=False)\n'
        'os.kill(os.getpid(), 9)\n'
    )
    command = [sys.executable, '-c', code, str(tmp_path / 'run')]
    assert subprocess.run(command, check=False).returncode == -9
    folder = RunFolder(tmp_path / 'run')
    folder.begin(resume=True)
    folder.end()


def test_a_run_that_is_to_be_resumed_is_held_before_its_state_is_read(tmp_path):
    first, second = RunFolder(tmp_path / 'run'), RunFolder(tmp_path / 'run')
    first.hold()  # there is nothing to hold yet, and nothing is made
    assert not list(tmp_path.iterdir())
    first.begin(resume=False)
    with pytest.raises(RunFolderError, match='another process is running in'):
        second.hold()
    first.end()
    second.hold()
    with pytest.raises(RunFolderError, match='another process is running in'):
        first.hold()
    second.begin(resume=True)
    second.end()


def test_a_run_in_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    folder = RunFolder(tmp_path / 'run')
    folder.begin(resume=False)
    folder.end()

    def read_only(self, **_):
        raise OSError(errno.EROFS, 'Read-only file system')

    monkeypatch.setattr('mmholdout.runner.run_folder.FileLock.acquire', read_only)
    with pytest.raises(RunFolderError, match=r'cannot go on there.*Read-only'):
        RunFolder(tmp_path / 'run').hold()


def test_begun_is_what_may_have_changed_something(tmp_path):
    folder = RunFolder(tmp_path / 'run')
    folder.hold()
    assert not folder.begun
    folder.begin(resume=False)
    assert folder.begun
    folder.end()


@pytest.mark.parametrize('moved', [False, True])
def test_a_save_that_was_killed_between_its_renames_keeps_both_checkpoints(tmp_path, moved):
    """First the previous one is put aside; it comes back unless its place has been taken."""
    folder = RunFolder(tmp_path)
    folder.begin(resume=False)
    (folder.checkpoints / '.last.pth.12345678.tmp').write_text('3')
    (folder.checkpoints / '.last.pth.12345678.spare.tmp').write_text('1')
    (folder.last_prev if moved else folder.last).write_text('2')
    folder.begin(resume=True)
    found = {path.name: path.read_text() for path in folder.checkpoints.glob('*last*')}
    expected = {'last.prev.pth': '2'} if moved else {'last.pth': '2', 'last.prev.pth': '1'}
    assert found == expected


def test_files_of_a_fold_that_is_training_below_are_left_alone(tmp_path):
    """A half-written file there belongs to another process; one of this run was killed."""
    below = tmp_path / 'fold_0' / 'checkpoints'
    below.mkdir(parents=True)
    (tmp_path / 'checkpoints').mkdir()
    (below / '.last.pth.tmp').touch()
    (tmp_path / 'checkpoints' / '.last.pth.tmp').touch()
    folder = RunFolder(tmp_path)
    folder.begin(resume=False)
    folder.end()
    assert (below / '.last.pth.tmp').exists()
    assert not (tmp_path / 'checkpoints' / '.last.pth.tmp').exists()
