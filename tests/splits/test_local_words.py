"""Shared words find the picture that another overlaps."""

from __future__ import annotations

import numpy as np
import pytest

from mmholdout.splits.local_words import COLUMNS, KEYPOINTS, WordIndex, local_words
from mmholdout.splits.pixels import working_grey


@pytest.fixture(scope='module')
def greys(photos):
    return [working_grey(photo) for photo in photos]


@pytest.fixture(scope='module')
def words(greys):
    return [local_words(grey) for grey in greys]


def test_shape_and_places(words, greys):
    for own, grey in zip(words, greys, strict=True):
        assert own.dtype == np.uint32
        assert own.shape[1] == COLUMNS
        assert 0 < len(own) <= KEYPOINTS
        x, y = own[:, -1] >> 16, own[:, -1] & 0xFFFF
        assert x.max() < grey.shape[1]
        assert y.max() < grey.shape[0]


def test_words_of_two_tables_never_meet(words):
    tables = np.concatenate(words)[:, :-1] >> 24
    assert (tables == np.arange(COLUMNS - 1)).all()


def test_words_are_frozen(monkeypatch):
    """Cached words are compared with new ones, so that the sampled bits may never change."""
    descriptor = np.arange(32, dtype=np.uint8) * 37 % 251
    found = np.array([[10.4, 20.6]], np.float32), descriptor[None]
    monkeypatch.setattr('mmholdout.splits.local_words.keypoints', lambda *_, **__: found)
    (row,) = local_words(np.zeros((64, 64), np.uint8)).tolist()
    tables = (0xC5897B, 0x3F6E74, 0xEB0AEF, 0xAC20A6, 0x8DB1D2, 0x51DEAB)
    assert row[:6] == [word + (table << 24) for table, word in enumerate(tables)]
    assert row[-1] == (10 << 16) + 21


def test_a_plain_picture_has_none():
    assert local_words(np.full((240, 320), 90, np.uint8)).shape == (0, COLUMNS)
    assert local_words(np.zeros((1, 320), np.uint8)).shape == (0, COLUMNS)


def test_an_overlapping_view_is_found_first(greys, words):
    index = WordIndex(words)
    found = 0
    for number, grey in enumerate(greys):
        rows, columns = grey.shape
        view = np.full_like(grey, 128)  # the right two thirds, moved to the left and up
        kept = grey[rows // 8 :, columns // 3 :]
        view[: kept.shape[0], : kept.shape[1]] = kept
        votes = index.votes(local_words(view))
        found += int(votes.argmax()) == number and votes[number] > 2
    assert found >= 28  # 30 when this was written


def test_unrelated_pictures_get_few_votes(words):
    index = WordIndex(words)
    votes = np.stack([index.votes(own) for own in words])
    np.fill_diagonal(votes, 0)
    assert (votes > 2.0).mean() < 0.02


def reference_votes(query, pictures, cell=16):
    """The definition, word by word and cell by cell."""
    best = np.zeros(len(pictures))
    for number, picture in enumerate(pictures):
        hits = []
        for row in query:
            for table in range(COLUMNS - 1):
                held = sum(int((p[:, table] == row[table]).sum()) for p in pictures)
                for other in picture[picture[:, table] == row[table]]:
                    dx = int(other[-1] >> 16) - int(row[-1] >> 16)
                    dy = int(other[-1] & 0xFFFF) - int(row[-1] & 0xFFFF)
                    hits.append((dx, dy, 1 / held))
        for sx in (0, cell):
            for sy in (0, cell):
                cells = {}
                for dx, dy, weight in hits:
                    key = ((2 * dx + sx) // (2 * cell), (2 * dy + sy) // (2 * cell))
                    cells[key] = cells.get(key, 0) + weight
                best[number] = max([best[number], *cells.values()])
    return best


@pytest.mark.parametrize('seed', range(8))
def test_votes_are_as_defined(seed):
    rng = np.random.default_rng(seed)
    marks = np.arange(6, dtype=np.uint32) << 24

    def picture(count):
        own = np.empty((count, COLUMNS), np.uint32)
        own[:, :6] = rng.integers(0, 6, (count, 6), dtype=np.uint32) + marks
        own[:, 6] = (rng.integers(0, 60, count) << 16) + rng.integers(0, 320, count)
        return own

    pictures = [picture(count) for count in (9, 12, 0, 7)]
    query = picture(8)
    np.testing.assert_allclose(WordIndex(pictures).votes(query), reference_votes(query, pictures))


def test_the_forty_pictures_that_share_most_are_looked_at():
    """Picture n shares n + 1 of 45 words, all at one displacement."""
    asked = np.zeros((45, COLUMNS), np.uint32)
    asked[:, 0] = np.arange(1, 46)
    asked[:, 1:6] = (np.arange(1, 6, dtype=np.uint32) << 24) + 999  # shared by none
    pictures = []
    for number in range(45):
        own = asked[: number + 1].copy()
        own[:, 1:6] += 1 + number
        pictures.append(own)
    votes = WordIndex(pictures).votes(asked)
    held = 45 - np.arange(45)  # pictures that have the n-th word
    expected = np.cumsum(1 / held)
    np.testing.assert_allclose(votes[5:], expected[5:])
    assert votes[:5].tolist() == [0.0] * 5


def test_words_that_many_have_tell_nothing():
    common = np.zeros((65, COLUMNS), np.uint32)
    common[:, :6] = np.arange(6, dtype=np.uint32) << 24
    assert WordIndex([common]).votes(common[:1]).tolist() == [0.0]
    assert WordIndex([common[:64]]).votes(common[:1]).tolist() == [6.0]


def test_a_picture_of_the_index_asks_for_the_earlier_ones(words):
    """As an index of those alone, and of later ones, would answer without itself."""
    rng = np.random.default_rng(0)
    marks = np.arange(6, dtype=np.uint32) << 24
    pictures = []
    for _ in range(9):  # no word twice in one picture
        own = np.stack([rng.permutation(20)[:8] for _ in range(7)], axis=1).astype(np.uint32)
        own[:, :6] += marks
        pictures.append(own)
    for row in range(9):
        votes = WordIndex(pictures).votes(pictures[row], row=row)
        without = WordIndex(pictures[:row] + pictures[row + 1 :]).votes(pictures[row])
        np.testing.assert_allclose(votes[:row], without[:row])
        assert (votes[row:] == 0).all()
    assert votes[:8].min() > 0
    assert WordIndex(words).votes(words[7])[7] > 20


def test_nothing_to_compare(words):
    assert WordIndex([]).votes(words[0]).shape == (0,)
    assert WordIndex(words).votes(words[0][:0]).tolist() == [0.0] * len(words)
