"""What is looked at, what is left out, and what is remembered."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mmholdout.splits.image_digests import digest_images
from mmholdout.splits.pair_search import PairSearch


@pytest.fixture
def many(write, photos, changes):
    """One picture, and seven copies of it that a hash finds."""
    names = ['re-encoded', 'halved', 'enlarged', 'stretched', 'brighter', 'darker', 'cropped 2 %']
    copies = {f'copy{n}': changes[name](photos[3]) for n, name in enumerate(names)}
    return write('many', copies), write('one', {'x': photos[3], 'other': photos[4]})


def search_of(*sets, per_image=5, known=None):
    digests = digest_images([path for images in sets for path in images.values()])
    return PairSearch(digests.found, per_image, known)


def test_the_cap_is_said_aloud(many):
    copies, ones = many
    search = search_of(copies, ones, per_image=2)
    search.add('train', copies, 'val', ones)
    pairs = search.confirmed()
    assert len(search) == len(pairs) >= 2 + 3  # by hash, and 3 more by words
    assert {pair.second_id for pair in pairs} == {'x'}
    assert search.notes[0] == (
        "More than 2 images of 'train' resemble each of 1 image of 'val'; of those beyond the "
        'nearest not all were looked at: x.'
    )
    assert search.notes[1] == (
        '1 image may share a view with more than the 3 images that were looked at for it: x.'
    )


def test_many_crowded_images_are_counted(many, write, photos):
    copies, _ = many
    same = write('same', {f'x{n}': photos[3] for n in range(5)})
    search = search_of(copies, same, per_image=2)
    search.add('train', copies, 'val', same)
    assert '5 images' in search.notes[0]
    assert search.notes[0].endswith(': x0, x1, x2 and 2 more.')


def test_without_the_cap_all_are_found(many):
    copies, ones = many
    search = search_of(copies, ones, per_image=9)
    search.add('train', copies, 'val', ones)
    assert len(search.confirmed()) == 7
    assert search.notes == []


def test_pairs_within_one_set(many):
    _, ones = many
    search = search_of(ones)
    search.add('', ones, '', ones)
    assert search.confirmed() == []


def test_views_beyond_the_cap_are_said_aloud(write, photos):
    """Five parts of one picture beside the whole, none near by hash, all proven."""
    photo = cv2.resize(photos[3], (640, 480))
    rows = {f'v{n}': photo[40 * n : 40 * n + 300, 60 * n : 60 * n + 380] for n in range(5)}
    views, whole = write('views', rows), write('whole', {'x': photo})
    search = search_of(views, whole)
    search.add('train', views, 'val', whole)
    found = search.confirmed()
    by_words = [note for note in search.notes if 'may share a view' in note]
    assert len(found) >= 3
    assert len(by_words) == (1 if len(found) == 3 else 0)


def test_verdicts_are_remembered(many, monkeypatch):
    copies, ones = many
    search = search_of(copies, ones)
    search.add('train', copies, 'val', ones)
    pairs = search.confirmed()
    assert len(search.verdicts) == len(search)
    monkeypatch.setattr('mmholdout.splits.pair_search.confirm', lambda *_: 1 / 0)
    again = search_of(copies, ones, known=search.verdicts)
    again.add('train', copies, 'val', ones)
    assert again.confirmed() == pairs


def test_a_file_that_went_away_is_noted(many):
    copies, ones = many
    search = search_of(copies, ones, per_image=1)
    search.add('train', copies, 'val', ones)
    ones['x'].unlink()
    assert search.confirmed() == []
    assert any('A pair was not looked at' in note and 'x.png' in note for note in search.notes)


def test_images_without_a_digest_are_passed_over(many):
    copies, ones = many
    search = PairSearch(digest_images(copies.values()).found, 5)
    search.add('train', copies, 'val', ones)
    assert len(search) == 0
    assert search.confirmed() == []


def test_progress(many):
    copies, ones = many
    search = search_of(copies, ones)
    search.add('train', copies, 'val', ones)
    told = []
    search.confirmed(lambda *n: told.append(n))
    assert told == [(n, len(search)) for n in range(1, len(search) + 1)]
    assert len(told) >= 5


def test_blank_images_make_no_pairs(write):
    blank = {f'b{n}': np.full((120, 160, 3), 100 + n, np.uint8) for n in range(6)}
    train, val = write('a', blank), write('b', {'c': np.full((120, 160, 3), 99, np.uint8)})
    search = search_of(train, val)
    search.add('train', train, 'val', val)
    assert len(search) == 0
