"""Each shared image is named once per pair of splits, by the first kind that holds."""

from __future__ import annotations

import pytest

from mmholdout.splits.exact_overlap import ExactOverlap, exact_overlaps, overlap_sentences


def test_every_kind(tmp_path, digest_of):
    shared = tmp_path / 'shared.png'
    link = tmp_path / 'link.png'
    shared.touch()
    link.symlink_to(shared)
    splits = {
        'train': {'same': 'a/1', 'file': shared, 'bytes': 'a/3', 'pixels': 'a/4', 'own': 'a/5'},
        'val': {'same': 'b/1', 'link': link, 'copy': 'b/3', 'other': 'b/4', 'mine': 'b/5'},
    }
    digests = {
        'a/1': digest_of('1', '1'),
        'b/1': digest_of('2', '2'),
        str(shared): digest_of('3', '3'),
        str(link): digest_of('3', '3'),
        'a/3': digest_of('4', '4'),
        'b/3': digest_of('4', '4'),
        'a/4': digest_of('5', '6'),
        'b/4': digest_of('7', '6'),
        'a/5': digest_of('8', '8'),
        'b/5': digest_of('9', '9'),
    }
    assert exact_overlaps(splits, digests) == [
        ExactOverlap('same id', 'train', 'same', 'val', 'same'),
        ExactOverlap('same file', 'train', 'file', 'val', 'link'),
        ExactOverlap('same bytes', 'train', 'bytes', 'val', 'copy'),
        ExactOverlap('same pixels', 'train', 'pixels', 'val', 'other'),
    ]


def test_ids_of_two_name_spaces(digest_of):
    splits = {'train': {1: 'a'}, 'val': {1: 'b'}}
    digests = {'a': digest_of('1', '1'), 'b': digest_of('2', '2')}
    assert [o.kind for o in exact_overlaps(splits, digests)] == ['same id']
    assert exact_overlaps(splits, digests, compare_ids=False) == []


def test_numbers_and_texts_are_one_id():
    assert len(exact_overlaps({'train': {7: 'a'}, 'val': {'7': 'b'}}, {})) == 1


def test_each_pair_of_splits(digest_of):
    splits = {'train': {'a': '1'}, 'val': {'b': '2'}, 'test': {'c': '3'}}
    digests = {name: digest_of('1', '1') for name in '123'}
    pairs = [(o.first_split, o.second_split) for o in exact_overlaps(splits, digests)]
    assert pairs == [
        ('train', 'test'),
        ('train', 'val'),
        ('val', 'test'),
    ]


def test_repeats_within_a_split_are_no_overlap(digest_of):
    splits = {'train': {'a': '1', 'b': '1'}, 'val': {'c': '2'}}
    digests = {'1': digest_of('1', '1'), '2': digest_of('2', '2')}
    assert exact_overlaps(splits, digests) == []


def test_unreadable_images_are_compared_by_id_and_file():
    splits = {'train': {'a': 'x.png', 'b': 'y.png'}, 'val': {'a': 'z.png', 'c': 'y.png'}}
    assert [o.kind for o in exact_overlaps(splits, {})] == ['same id', 'same file']


@pytest.mark.parametrize(
    ('kind', 'ids', 'sentence'),
    [
        (
            'same id',
            [('a', 'a')],
            "1 image of 'val' also in 'train' under the same id: a. ",
        ),
        (
            'same pixels',
            [('a', 'b'), ('c', 'd'), ('e', 'f'), ('g', 'h')],
            "4 images of 'val' also in 'train' with the same decoded pixels: a = b, c = d, "
            'e = f and 1 more. ',
        ),
        (
            'same bytes',
            [('a', 'b')],
            "1 image of 'val' also in 'train' with the same bytes: a = b. ",
        ),
        ('same file', [('a', 'b')], "1 image of 'val' also in 'train' from the same file: a = b. "),
    ],
)
def test_sentences(kind, ids, sentence):
    overlaps = [ExactOverlap(kind, 'train', first, 'val', second) for first, second in ids]
    assert overlap_sentences(overlaps) == [sentence + 'Remove from one of the two splits.']
