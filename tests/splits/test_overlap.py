"""What two splits share is named; what they do not share is neither named nor read."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.splits import overlap
from mmholdout.splits.overlap import (
    file_digest,
    missing_files,
    shared_digests,
    shared_files,
    shared_ids,
)


def _write(folder: Path, files: dict[str, bytes]) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in files}


def test_disjoint_ids_are_no_problem():
    assert shared_ids({'train': ['a', 'b'], 'val': ['c'], 'test': []}) == []


def test_each_pair_of_splits_gets_its_sentence():
    problems = shared_ids({'train': ['a', 'b'], 'val': ['b', 'c'], 'test': ['a', 'c']})
    assert problems == [
        "1 image is in both 'train' and 'val': b. Remove from one of the two lists.",
        "1 image is in both 'train' and 'test': a. Remove from one of the two lists.",
        "1 image is in both 'val' and 'test': c. Remove from one of the two lists.",
    ]


def test_many_shared_ids_are_counted_and_three_are_named():
    (problem,) = shared_ids({'train': range(100), 'val': range(90, 120)})
    assert problem.startswith("10 images are in both 'train' and 'val': 90, 91, 92 and 7 more.")


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_a_pair_is_named_exactly_where_its_sets_meet(train, val, test):
    problems = shared_ids({'train': train, 'val': val, 'test': test})
    meetings = [bool(train & val), bool(train & test), bool(val & test)]
    assert len(problems) == sum(meetings)


def test_equal_bytes_under_other_names_are_found(tmp_path):
    train = _write(tmp_path / 'train', {'a.jpg': b'one image', 'b.jpg': b'another'})
    val = _write(tmp_path / 'val', {'copy.jpg': b'one image', 'd.jpg': b'a third'})
    (problem,) = shared_files({'train': train, 'val': val})
    assert "1 image of 'train' also in 'val'" in problem
    assert 'a.jpg = copy.jpg' in problem


@pytest.mark.parametrize(
    ('first', 'second'),
    [
        (b'abcd', b'abce'),  # same size, other end
        (b'a' + b'x' * 5000, b'b' + b'x' * 5000),  # same size and same last 4 KiB
        (b'x' * 10, b'x' * 11),  # other size
    ],
)
def test_near_twins_are_not_taken_for_twins(tmp_path, first, second):
    train = _write(tmp_path / 'train', {'a.jpg': first})
    val = _write(tmp_path / 'val', {'b.jpg': second})
    assert shared_files({'train': train, 'val': val}) == []


def test_twins_longer_than_the_tail_are_found(tmp_path):
    data = os.urandom(100_000)
    train = _write(tmp_path / 'train', {'a.jpg': data})
    test = _write(tmp_path / 'test', {'b.jpg': data})
    assert len(shared_files({'train': train, 'val': {}, 'test': test})) == 1


def test_twins_within_one_split_are_not_its_business(tmp_path):
    train = _write(tmp_path / 'train', {'a.jpg': b'same', 'b.jpg': b'same'})
    assert shared_files({'train': train, 'val': {}}) == []


def test_a_link_to_an_image_of_another_split_is_found(tmp_path):
    train = _write(tmp_path / 'train', {'a.jpg': b'image'})
    link = tmp_path / 'link.jpg'
    link.symlink_to(train['a.jpg'])
    assert len(shared_files({'train': train, 'val': {'link': link}})) == 1


def test_files_that_cannot_be_twins_are_never_opened(tmp_path, monkeypatch):
    train = _write(tmp_path / 'train', {f'{i}.jpg': b'x' * (2 * i + 1) for i in range(50)})
    val = _write(tmp_path / 'val', {f'{i}.jpg': b'x' * (2 * i + 2) for i in range(50)})

    def refuse(path):
        raise AssertionError(f'{path} was read')

    monkeypatch.setattr(overlap, '_tail', refuse)
    monkeypatch.setattr(overlap, 'file_digest', refuse)
    assert shared_files({'train': train, 'val': val}) == []


@pytest.mark.parametrize(('from_end', 'hashed'), [(1, 0), (4096, 0), (4097, 2)])
def test_only_files_with_equal_last_4_kib_are_hashed_whole(tmp_path, monkeypatch, from_end, hashed):
    data = bytearray(b'x' * 9000)
    train = _write(tmp_path / 'train', {'a.jpg': bytes(data)})
    data[-from_end] += 1
    val = _write(tmp_path / 'val', {'b.jpg': bytes(data)})
    read = []
    monkeypatch.setattr(overlap, 'file_digest', lambda path: read.append(path) or str(path))
    assert shared_files({'train': train, 'val': val}) == []
    assert len(read) == hashed


def test_three_shared_ids_are_all_named():
    (problem,) = shared_ids({'train': range(3), 'val': range(3)})
    assert problem.startswith("3 images are in both 'train' and 'val': 0, 1, 2. Remove")


def test_missing_files_are_named_apart(tmp_path):
    train = _write(tmp_path, {'a.jpg': b'image'})
    val = {'b': tmp_path / 'b.jpg', 'c': tmp_path / 'c.jpg'}
    assert shared_files({'train': train, 'val': val}) == []
    (problem,) = missing_files({'train': train, 'val': val})
    assert problem.startswith("2 of 2 image files of 'val' do not exist: ")


def test_known_digests_serve_as_well():
    (problem,) = shared_digests({'train': {1: 'x', 2: 'y'}, 'val': {8: 'y', 9: 'y'}})
    assert '2 = 8' in problem
    assert shared_digests({'train': {1: 'x'}, 'val': {1: 'y'}}) == []


def test_file_digest_is_sha256_of_the_bytes(tmp_path):
    data = os.urandom((1 << 20) + 17)
    (tmp_path / 'f').write_bytes(data)
    assert file_digest(tmp_path / 'f') == hashlib.sha256(data).hexdigest()


def test_thousands_of_files_take_seconds(tmp_path):
    """17,000 VOC images are eight times this; sizes collide as theirs do."""
    files = [(f'{i}.jpg', i.to_bytes(4, 'big') * (500 + i % 700)) for i in range(2000)]
    splits = {
        'train': _write(tmp_path / 'train', dict(files[:1000])),
        'val': _write(tmp_path / 'val', dict(files[1000:])),
    }
    start = time.process_time()
    assert shared_files(splits) == []
    assert time.process_time() - start < 2
