"""The record of the splits is the same for the same splits and shows a change."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.errors import RunFolderError
from mmholdout.splits.record import read_splits, split_digest, write_splits

IDS = st.lists(st.text(max_size=8), max_size=12)


@given(IDS, st.randoms())
def test_order_and_repetition_do_not_change_the_digest(ids, random):
    shuffled = ids + ids[:3]
    random.shuffle(shuffled)
    assert split_digest(shuffled) == split_digest(ids)


@given(IDS, IDS)
def test_other_sets_have_other_digests(first, second):
    assert (split_digest(first) == split_digest(second)) == (set(first) == set(second))


def test_the_digest_does_not_depend_on_where_ids_are_cut():
    assert split_digest(['ab', 'c']) != split_digest(['a', 'bc'])


def test_integer_ids_are_their_digits():
    assert split_digest([1, 2]) == split_digest(['2', '1'])


def test_the_digest_stays_what_ledgers_have_stored():
    # sha256 of the text [["a", ""], ["b", ""]]
    known = '74329ff4ceeec516c31b9eea23d8eb4b5aea108199fa0afa78c7c9ab894b7236'
    assert split_digest(['b', 'a']) == known


def test_image_digests_tell_data_sets_apart_that_count_from_one():
    one, other = {1: 'x', 2: 'y'}, {1: 'p', 2: 'q'}
    assert split_digest([1, 2], one) != split_digest([1, 2], other)
    assert split_digest([1, 2], one) == split_digest([2, 1], dict(one))
    assert split_digest([1, 2], one) != split_digest([1, 2])


def test_an_id_without_its_image_digest_is_an_error():
    with pytest.raises(KeyError):
        split_digest([1, 2], {1: 'x'})


def test_written_twice_gives_the_same_bytes(tmp_path):
    write_splits(tmp_path / 'a.json', {'train': ['b', 'a'], 'val': ['c']})
    write_splits(tmp_path / 'b.json', {'val': ['c'], 'train': ['b', 'a']})
    assert (tmp_path / 'a.json').read_bytes() == (tmp_path / 'b.json').read_bytes()


def test_ids_keep_order_type_and_letters(tmp_path):
    path = tmp_path / 'splits.json'
    splits = {'train': ['b', 'a', '图'], 'val': [3, 1], 'test': []}
    written = write_splits(path, splits)
    assert read_splits(path) == written
    assert {name: split['ids'] for name, split in written.items()} == splits
    assert written['train']['num_images'] == 3
    assert written['val']['digest'] == split_digest([1, 3])
    assert '图' in path.read_text(encoding='utf-8')


@pytest.mark.parametrize(
    'change',
    [
        lambda record: record['val']['ids'].append('new'),
        lambda record: record['val']['ids'].append('c'),  # a repetition: the number tells
        lambda record: record['val']['ids'].clear(),
        lambda record: record['val'].update(digest='0' * 64),
    ],
)
def test_an_edited_list_is_noticed(tmp_path, change):
    path = tmp_path / 'splits.json'
    record = write_splits(path, {'train': ['a', 'b'], 'val': ['c']})
    change(record)
    path.write_text(json.dumps(record))
    with pytest.raises(RunFolderError, match="'val'"):
        read_splits(path)


@pytest.mark.parametrize('text', ['', '{', '[]', '{"train": 3}', '{"train": {"ids": []}}'])
def test_what_is_no_record_is_refused_with_its_path(tmp_path, text):
    path = tmp_path / 'splits.json'
    path.write_text(text)
    with pytest.raises(RunFolderError, match=r'splits\.json'):
        read_splits(path)


def test_a_missing_record_is_refused_with_its_path(tmp_path):
    with pytest.raises(RunFolderError, match=r'splits\.json'):
        read_splits(tmp_path / 'splits.json')


def test_the_digests_of_the_images_are_in_the_order_of_the_ids(tmp_path):
    one, two = '1' * 64, '2' * 64
    files = {'train': [two, one], 'val': [''], 'test': []}
    ids = {'train': ['b', 'a'], 'val': ['c'], 'test': []}
    written = write_splits(tmp_path / 's.json', ids, files)
    assert read_splits(tmp_path / 's.json') == written
    assert written['train']['files'] == [two, one]
    assert 'files' not in written['val']  # not known
    assert written['test']['files'] == []
    assert written['train']['digest'] == split_digest(['a', 'b'])
    with pytest.raises(ValueError, match='1 digests of 2 images'):
        write_splits(tmp_path / 's.json', ids, {'train': [one]})


@pytest.mark.parametrize('files', [[], ['1' * 64] * 2, ['1' * 63], ['G' * 64], ['../x'], 'x', [7]])
def test_a_list_of_digests_that_cannot_be_is_refused(tmp_path, files):
    record = write_splits(tmp_path / 's.json', {'val': ['c']}, {'val': ['1' * 64]})
    record['val']['files'] = files
    (tmp_path / 's.json').write_text(json.dumps(record))
    with pytest.raises(RunFolderError, match=r's\.json'):
        read_splits(tmp_path / 's.json')
