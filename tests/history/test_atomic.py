from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mmholdout.history.atomic import replace_with, write_bytes, write_text


def fail(*_, **__):
    raise OSError(errno.ENOSPC, 'No space left on device')


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_has_the_bytes_and_nothing_else_is_left(tmp_path):
    write_bytes(tmp_path / 'a.bin', b'\x00\n\r\n')
    assert (tmp_path / 'a.bin').read_bytes() == b'\x00\n\r\n'
    assert names(tmp_path) == ['a.bin']


def test_text_is_utf8_with_its_own_line_ends(tmp_path):
    write_text(str(tmp_path / 'a.txt'), '猫\n')
    assert (tmp_path / 'a.txt').read_bytes() == b'\xe7\x8c\xab\n'


def test_the_old_file_is_there_until_the_block_has_ended(tmp_path):
    path = tmp_path / 'a'
    path.write_bytes(b'old')
    with replace_with(path) as file:
        file.write(b'new')
        file.flush()
        assert path.read_bytes() == b'old'
    assert path.read_bytes() == b'new'


@pytest.mark.parametrize('error', [OSError(errno.ENOSPC, 'full'), KeyboardInterrupt()])
def test_a_failure_in_the_block_leaves_the_old_file_and_no_temporary(tmp_path, error):
    path = tmp_path / 'a'
    path.write_bytes(b'old')
    with pytest.raises(type(error)), replace_with(path) as file:
        file.write(b'half')
        raise error
    assert path.read_bytes() == b'old'
    assert names(tmp_path) == ['a']


@pytest.mark.parametrize(('owner', 'name'), [(os, 'fsync'), (Path, 'replace')])
@pytest.mark.parametrize('before', [None, b'old'])
def test_a_failing_system_call_leaves_the_old_file_and_no_temporary(
    tmp_path, monkeypatch, owner, name, before
):
    path = tmp_path / 'a'
    if before is not None:
        path.write_bytes(before)
    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(OSError, match='No space'):
        write_bytes(path, b'new')
    assert names(tmp_path) == ([] if before is None else ['a'])
    assert before is None or path.read_bytes() == before


@pytest.mark.skipif(not Path('/dev/full').exists(), reason='needs /dev/full')
def test_a_full_disk_that_shows_only_at_the_flush(tmp_path, monkeypatch):
    path = tmp_path / 'a'
    path.write_bytes(b'old')
    opened = Path.open
    monkeypatch.setattr(Path, 'open', lambda self, mode: opened(Path('/dev/full'), 'wb'))
    with pytest.raises(OSError, match='No space'):
        write_bytes(path, b'new')
    monkeypatch.undo()
    assert path.read_bytes() == b'old'


def test_data_are_on_disk_before_the_rename(tmp_path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, 'fsync', lambda fd: (calls.append('fsync'), fsync(fd)))
    monkeypatch.setattr(Path, 'replace', lambda *a: (calls.append('replace'), replace(*a)))
    write_bytes(tmp_path / 'a', b'x')
    assert calls[:2] == ['fsync', 'replace']
    assert calls[2:] == ([] if os.name == 'nt' else ['fsync'])


def test_all_bytes_have_left_the_program_when_the_file_is_synchronised(tmp_path, monkeypatch):
    sizes = []
    monkeypatch.setattr(os, 'fsync', lambda fd: sizes.append(os.fstat(fd).st_size))
    write_bytes(tmp_path / 'a', b'x' * 100)
    assert sizes[0] == 100


@pytest.mark.skipif(os.name == 'nt', reason='folders are not opened there')
def test_the_folder_does_not_stay_open(tmp_path, monkeypatch):
    opened, closed = [], []
    os_open, os_close = os.open, os.close

    def note(*args, **kwargs):
        opened.append(os_open(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(os, 'open', note)
    monkeypatch.setattr(os, 'close', lambda fd: (closed.append(fd), os_close(fd)))
    write_bytes(tmp_path / 'a', b'x')
    assert len(opened) == 1
    assert closed == opened


def test_a_folder_that_cannot_be_synchronised_is_no_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(os, 'open', fail)
    write_bytes(tmp_path / 'a', b'x')
    assert (tmp_path / 'a').read_bytes() == b'x'


def test_the_previous_file_is_kept_if_asked(tmp_path):
    path, previous = tmp_path / 'last', tmp_path / 'last.prev'
    for content in (b'1', b'2', b'3'):
        with replace_with(path, previous=previous) as file:
            file.write(content)
    assert (previous.read_bytes(), path.read_bytes()) == (b'2', b'3')
    assert names(tmp_path) == ['last', 'last.prev']


def test_a_failing_rename_puts_the_previous_file_back(tmp_path, monkeypatch):
    path, previous = tmp_path / 'last', tmp_path / 'last.prev'
    path.write_bytes(b'old')
    replace = Path.replace

    def fail_for_the_temporary(self, target):
        if self.suffix == '.tmp':
            fail()
        return replace(self, target)

    monkeypatch.setattr(Path, 'replace', fail_for_the_temporary)
    with pytest.raises(OSError, match='No space'), replace_with(path, previous=previous) as file:
        file.write(b'new')
    assert path.read_bytes() == b'old'
    assert names(tmp_path) == ['last']


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_bytes(tmp_path / 'no' / 'a', b'x')


@pytest.mark.parametrize('failing', [1, 2, 3])
def test_whichever_rename_fails_both_files_are_as_they_were(tmp_path, monkeypatch, failing):
    path, previous = tmp_path / 'last', tmp_path / 'last.prev'
    path.write_bytes(b'2')
    previous.write_bytes(b'1')
    replace, count = Path.replace, [0]

    def fail_once(self, target):
        count[0] += 1
        if count[0] == failing:
            fail()
        return replace(self, target)

    monkeypatch.setattr(Path, 'replace', fail_once)
    with pytest.raises(OSError, match='No space'), replace_with(path, previous=previous) as file:
        file.write(b'3')
    assert (previous.read_bytes(), path.read_bytes()) == (b'1', b'2')
    assert names(tmp_path) == ['last', 'last.prev']


@pytest.mark.parametrize(('owner', 'name'), [(os, 'fsync'), (Path, 'replace'), (Path, 'open')])
def test_the_error_names_the_file_and_not_the_temporary(tmp_path, monkeypatch, owner, name):
    monkeypatch.setattr(owner, name, fail)
    with pytest.raises(OSError, match='No space') as error:
        write_bytes(tmp_path / 'a', b'new')
    assert (error.value.filename, error.value.filename2) == (str(tmp_path / 'a'), None)
