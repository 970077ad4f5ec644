import hashlib
import os

import numpy as np

from mmholdout.splits import known_files
from mmholdout.splits.known_files import file_digests
from mmholdout.splits.near_duplicates import find


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_digest_of_each_file_that_can_be_read(tmp_path):
    for name in 'ab':
        (tmp_path / name).write_bytes(name.encode() * 5000)
    paths = [tmp_path / 'b', tmp_path / 'a', tmp_path / 'none', tmp_path / 'b']
    told = []
    found = file_digests(paths, progress=lambda *n: told.append(n))
    assert found == {str(tmp_path / n): sha(tmp_path / n) for n in 'ba'}
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_file_that_is_as_it_was_is_not_read(write, monkeypatch, tmp_path):
    images = write('set', {n: np.full((40, 40, 3), 9 * i, np.uint8) for i, n in enumerate('abc')})
    find({'train': images}, tmp_path / 'cache')
    images['b'].write_bytes(b'changed')
    os.utime(images['c'], ns=(5, 5))  # touched: it is read, and is the same
    read = []
    digest = known_files.file_digest
    monkeypatch.setattr(known_files, 'file_digest', lambda p: read.append(p) or digest(p))
    assert file_digests(images.values(), tmp_path / 'cache') == {
        str(path): sha(path) for path in images.values()
    }
    assert read == [str(images['b']), str(images['c'])]


def test_nothing_is_written(tmp_path):
    (tmp_path / 'a').write_bytes(b'a')
    file_digests([tmp_path / 'a'], tmp_path / 'cache')
    assert not (tmp_path / 'cache').exists()
