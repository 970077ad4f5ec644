"""The cache gives back what was put in, or nothing."""

from __future__ import annotations

import random

import numpy as np
import pytest

from mmholdout.splits import digest_cache
from mmholdout.splits.digest_cache import Cache, read_cache, write_cache
from mmholdout.splits.known_search import Outcome


@pytest.fixture
def cache(digest_of, verdict):
    return Cache(
        {'/a/ä.png': digest_of('a', 'b', words=3), '/b': digest_of('c', 'd'), '/c\n': digest_of()},
        {('b' * 64, 'd' * 64): verdict, ('d' * 64, 'b' * 64): None},
    )


def as_lists(cache):
    digests = {
        path: (d.size, d.mtime_ns, d.file, d.pixels, d.hashes.tolist(), d.words.tolist())
        for path, d in cache.digests.items()
    }
    return digests, dict(cache.verdicts)


def test_round_trip(tmp_path, cache):
    write_cache(tmp_path / 'c', cache)
    back = read_cache(tmp_path / 'c')
    assert as_lists(back) == as_lists(cache)
    one = back.digests['/a/ä.png']
    assert (one.hashes.dtype, one.words.dtype) == (np.uint64, np.uint32)
    assert list(tmp_path.iterdir()) == [tmp_path / 'c']


def test_an_empty_cache(tmp_path):
    write_cache(tmp_path / 'c', Cache())
    assert as_lists(read_cache(tmp_path / 'c')) == ({}, {})


def test_no_file_and_no_folder(tmp_path):
    assert as_lists(read_cache(tmp_path / 'none')) == ({}, {})
    assert as_lists(read_cache(tmp_path)) == ({}, {})
    with pytest.raises(OSError, match='none'):
        write_cache(tmp_path / 'none' / 'c', Cache())


def test_another_version_is_ignored(tmp_path, cache, monkeypatch):
    write_cache(tmp_path / 'c', cache)
    monkeypatch.setattr(digest_cache, '_VERSION', -1)
    assert as_lists(read_cache(tmp_path / 'c')) == ({}, {})


def test_another_opencv_is_another_version(tmp_path, cache, monkeypatch):
    write_cache(tmp_path / 'c', cache)
    monkeypatch.setattr('cv2.__version__', '0.0')
    assert as_lists(read_cache(tmp_path / 'c')) == ({}, {})


@pytest.mark.parametrize('text', [b'', b'no zip', b'PK\x03\x04', b'\x93NUMPY\x01\x00'])
def test_other_files_are_ignored(tmp_path, text):
    (tmp_path / 'c').write_bytes(text)
    assert as_lists(read_cache(tmp_path / 'c')) == ({}, {})


def test_an_array_and_a_pickle_are_ignored(tmp_path):
    with (tmp_path / 'c').open('wb') as file:
        np.save(file, np.arange(3))
    assert as_lists(read_cache(tmp_path / 'c')) == ({}, {})
    with (tmp_path / 'p').open('wb') as file:
        np.savez(file, header=np.array([{'a': 1}], object))
    assert as_lists(read_cache(tmp_path / 'p')) == ({}, {})


def test_a_torn_file_is_ignored(tmp_path, cache):
    write_cache(tmp_path / 'c', cache)
    data = (tmp_path / 'c').read_bytes()
    for length in range(0, len(data), 97):
        (tmp_path / 'c').write_bytes(data[:length])
        assert as_lists(read_cache(tmp_path / 'c')) == ({}, {})


def test_a_flipped_bit_gives_nothing_or_what_was_there(tmp_path, cache):
    write_cache(tmp_path / 'c', cache)
    data = (tmp_path / 'c').read_bytes()
    expected = as_lists(cache)
    draw = random.Random(0)
    ignored = 0
    for _ in range(400):
        changed = bytearray(data)
        changed[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        (tmp_path / 'c').write_bytes(changed)
        found = as_lists(read_cache(tmp_path / 'c'))
        assert found in (expected, ({}, {}))
        ignored += found != expected
    assert ignored > 200


def test_too_many_entries_lose_the_first(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(digest_cache, '_MOST', 1)
    write_cache(tmp_path / 'c', cache)
    back = read_cache(tmp_path / 'c')
    assert list(back.digests) == ['/c\n']
    assert list(back.verdicts) == [('d' * 64, 'b' * 64)]


def test_outcomes_of_searches_come_back(tmp_path, monkeypatch):
    one = Outcome((('train', 'a', 'val', 'b'),), ('left out', 'far'), 3, ('far',))
    cache = Cache(searches={'k1': Outcome((), (), 0), 'k2': one, 'k3': Outcome((), (), 1)})
    write_cache(tmp_path / 'c', cache)
    assert read_cache(tmp_path / 'c').searches == cache.searches
    many = Cache(searches={f'k{n}': Outcome((), (), n) for n in range(53)})
    write_cache(tmp_path / 'c', many)
    assert list(read_cache(tmp_path / 'c').searches) == [f'k{n}' for n in range(3, 53)]
    monkeypatch.setattr(digest_cache, '_SEARCHES', 2)
    write_cache(tmp_path / 'c', cache)
    assert list(read_cache(tmp_path / 'c').searches) == ['k2', 'k3']
