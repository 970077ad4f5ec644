"""What is told, in what order, and that names cannot steer a terminal."""

from __future__ import annotations

import dataclasses

import pytest

from mmholdout.splits.duplicate_report import DuplicateReport, NearDuplicate, plain


def report(pairs=(), errors=(), notes=()):
    return DuplicateReport(
        errors=tuple(errors),
        overlaps=(),
        pairs=tuple(pairs),
        notes=tuple(notes),
        images={'train': 20, 'val': 4},
        candidates=9,
        computed=24,
    )


def test_nothing_found():
    assert report().lines() == [
        'Compared by content: train 20, val 4 images.',
        'No image is shared, and no near-duplicates were found.',
    ]


def test_pairs_are_counted_by_kind_and_listed(pair_of):
    copy = dataclasses.replace(pair_of('c', 'd'), kind='altered copy')
    lines = report([pair_of(), pair_of('e', 'f'), copy]).lines(most=2)
    assert lines[1:] == [
        '3 pairs of near-duplicates: 1 altered copy, 2 cropped copy.',
        '  train a and val b: cropped copy (40 of 50 keypoints, details 0.95, '
        'blocks 0.90 of 100, overlap 100% and 50%)',
        '  train e and val f: cropped copy (40 of 50 keypoints, details 0.95, '
        'blocks 0.90 of 100, overlap 100% and 50%)',
        '  and 1 pair more',
    ]


def test_all_listed_pairs_need_no_more(pair_of):
    assert not any('more' in line for line in report([pair_of()] * 10).lines())
    assert report([pair_of()] * 12).lines()[-1] == '  and 2 pairs more'
    assert report([pair_of()]).lines()[1].startswith('1 pair of near-duplicates')


def test_errors_and_notes_are_marked():
    lines = report(errors=['One.'], notes=['Two.']).lines()
    assert lines[1:] == ['Error: One.', 'No near-duplicates were found besides.', 'Note: Two.']


def test_equal_images_within_one_set():
    pair = NearDuplicate('', 'a', 'a.png', '', 'b', 'b.png', kind='same bytes')
    assert pair.line() == 'a and b: same bytes'


def test_pairs_can_be_kept_together(pair_of):
    assert report([pair_of(), pair_of('b', 'c')]).together() == [('a', 'b'), ('b', 'c')]


def test_order(pair_of):
    pairs = [pair_of('b', 'a'), pair_of('a', 'b'), pair_of('a', 'a')]
    ordered = sorted(pairs, key=NearDuplicate.order)
    assert [(p.first_id, p.second_id) for p in ordered] == [('a', 'a'), ('a', 'b'), ('b', 'a')]


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('a b-ä漢.jpg', 'a b-ä漢.jpg'),
        ('\x1b[2Ja\nb\r', '\\x1b[2Ja\\nb\\r'),
        ('\u202egpj.exe', '\\u202egpj.exe'),
        ('\udc80', '\\udc80'),
    ],
)
def test_plain_text(text, shown):
    assert plain(text) == shown
    assert plain(shown) == shown


def test_hostile_ids_are_inert(pair_of):
    line = pair_of('\x1b[31m', 'b\nError: no').line()
    assert line.isprintable()
