"""Candidates by hash are those of a plain double loop; those by words are the best few."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from mmholdout.splits.candidates import HASH_DISTANCE, find_candidates, near_hashes
from mmholdout.splits.local_words import COLUMNS, local_words
from mmholdout.splits.perceptual_hash import MIRROR, NO_HASH, WINDOWS, window_hashes
from mmholdout.splits.pixels import working_grey

NO_WORDS = np.zeros((0, COLUMNS), np.uint32)


def random_hashes(rng, count):
    return rng.integers(1, 1 << 63, (count, len(WINDOWS)), dtype=np.uint64)


def flipped(rng, value, bits):
    for bit in rng.choice(63, bits, replace=False):
        value ^= np.uint64(1) << np.uint64(bit)
    return value


def reference(first, second):
    """(first, second) -> the least distance, by Python integers."""
    found = {}
    for j, theirs in enumerate(second.tolist()):
        for i, ours in enumerate(first.tolist()):
            pairs = [(w, theirs[0]) for w in ours] + [(ours[0], w) for w in theirs]
            least = min(
                (a ^ b ^ turn).bit_count() for a, b in pairs if a and b for turn in (0, int(MIRROR))
            )
            if least <= HASH_DISTANCE:
                found[i, j] = least
    return found


def test_all_near_pairs_and_only_they():
    rng = np.random.default_rng(0)
    first, second = random_hashes(rng, 40), random_hashes(rng, 25)
    for j in range(20):
        window, bits = rng.integers(len(WINDOWS)), int(rng.integers(0, 18))
        turn = MIRROR if j % 3 == 0 else NO_HASH
        if j % 2:
            second[j, 0] = flipped(rng, first[j, window], bits) ^ turn
        else:
            second[j, window] = flipped(rng, first[j, 0], bits) ^ turn
    found = {
        (c.first, c.second): c.distance
        for _, near, _ in near_hashes(first, second, most=99)
        for c in near
    }
    assert found == reference(first, second)
    assert 8 <= len(found) < 20  # both sides of the limit are in it


@pytest.mark.parametrize('mirrored', [False, True])
@pytest.mark.parametrize('of_first', [False, True])
def test_the_way_of_the_match_is_told(of_first, mirrored):
    rng = np.random.default_rng(1)
    first, second = random_hashes(rng, 6), random_hashes(rng, 4)
    turn = MIRROR if mirrored else NO_HASH
    if of_first:
        second[2, 0] = first[5, 13] ^ turn
    else:
        second[2, 13] = first[5, 0] ^ turn
    ((row, (candidate,), number),) = near_hashes(first, second)
    assert (row, number) == (2, 1)
    assert (candidate.first, candidate.second, candidate.distance) == (5, 2, 0)
    assert (candidate.window, candidate.mirrored, candidate.of_first) == (13, mirrored, of_first)


@pytest.mark.parametrize(('bits', 'number'), [(12, 1), (13, 0)])
def test_the_limit(bits, number):
    rng = np.random.default_rng(4)
    first, second = random_hashes(rng, 3), random_hashes(rng, 1)
    second[0, 0] = flipped(rng, first[1, 0], bits)
    assert len(list(near_hashes(first, second))) == number


def test_missing_hashes_match_nothing():
    blank = np.full((30, len(WINDOWS)), NO_HASH)
    assert list(near_hashes(blank, blank)) == []


def test_empty_sets():
    rng = np.random.default_rng(0)
    none = random_hashes(rng, 0)
    some = random_hashes(rng, 3)
    for first, second in ((none, some), (some, none), (none, none)):
        assert list(near_hashes(first, second)) == []
        assert find_candidates([], []).pairs == ()


def test_one_list_gives_each_pair_once():
    rng = np.random.default_rng(2)
    hashes = random_hashes(rng, 8)
    hashes[6] = hashes[1]
    hashes[7] = hashes[1]
    images = [(h, NO_WORDS) for h in hashes]
    pairs = [(c.first, c.second) for c in find_candidates(images, images, same=True).pairs]
    assert sorted(pairs) == [(1, 6), (1, 7), (6, 7)]


def test_the_nearest_are_kept_and_the_rest_is_told():
    rng = np.random.default_rng(3)
    first, second = random_hashes(rng, 9), random_hashes(rng, 2)
    for row in range(9):
        first[row, 0] = flipped(rng, second[1, 0], 9 - row)
    found = find_candidates([(h, NO_WORDS) for h in first], [(h, NO_WORDS) for h in second])
    assert [(c.first, c.distance) for c in found.pairs] == [(8, 1), (7, 2), (6, 3), (5, 4), (4, 5)]
    assert found.more_hashes == {1}
    assert found.more_words == frozenset()
    every = find_candidates(
        [(h, NO_WORDS) for h in first], [(h, NO_WORDS) for h in second], per_image=9
    )
    assert len(every.pairs) == 9
    assert every.more_hashes == frozenset()


def test_words_add_pairs_that_no_hash_suggests(photos):
    greys = [working_grey(photo) for photo in photos]
    view = np.full_like(greys[4], 128)
    kept = greys[4][:, greys[4].shape[1] // 2 :]
    view[:, : kept.shape[1]] = kept
    first = [(window_hashes(grey), local_words(grey)) for grey in greys]
    second = [(window_hashes(view), local_words(view))]
    best = max(find_candidates(first, second).pairs, key=lambda c: c.votes)
    assert (best.first, best.second, best.distance) == (4, 0, 64)
    assert best.votes > 2


def test_many_pictures_with_the_same_words_are_told(photos):
    grey = working_grey(photos[0])
    words = local_words(grey)
    blank = np.full(len(WINDOWS), NO_HASH)
    found = find_candidates([(blank, words)] * 5, [(blank, words)])
    assert len(found.pairs) == 3
    assert found.more_words == {0}
    three = find_candidates([(blank, words)] * 3, [(blank, words)])
    assert len(three.pairs) == 3
    assert three.more_words == frozenset()


def with_words(*numbers):
    """A picture without a hash that has one keypoint with these words; the others are its own."""
    row = np.array([[*range(6), 0]], np.uint32)
    row[0, :6] = [next(OWN) if n is None else n for n in numbers]
    row[0, :6] += np.arange(6, dtype=np.uint32) << 24
    return np.full(len(WINDOWS), NO_HASH), row


OWN = itertools.count(1000)
ASKS = (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(('shared', 'votes'), [(2, []), (3, [3.0]), (6, [6.0])])
def test_two_votes_are_not_enough(shared, votes):
    first = with_words(*ASKS[:shared], *[None] * (6 - shared))
    found = find_candidates([first], [with_words(*ASKS)]).pairs
    assert [c.votes for c in found] == votes
    assert [(c.distance, c.first, c.second) for c in found] == [(64, 0, 0)] * len(votes)


@pytest.mark.parametrize(('number', 'more'), [(3, set()), (4, {1})])
def test_three_pictures_by_words_are_looked_at(number, more):
    first = [with_words(*[10 * n + w for w in ASKS]) for n in range(number)]
    words = np.concatenate([rows for _, rows in first])
    second = [with_words(*[None] * 6), (np.full(len(WINDOWS), NO_HASH), words)]
    told = []
    found = find_candidates(first, second, progress=lambda *n: told.append(n))
    assert [(c.first, c.second, c.votes) for c in found.pairs] == [(n, 1, 6.0) for n in range(3)]
    assert found.more_words == more
    assert told == [(n, 4) for n in range(1, 5)]


def test_the_pictures_with_most_votes_come_first():
    shares = [3, 6, 4, 5]
    first = [
        with_words(*[10 * n + w for w in ASKS[:s]], *[None] * (6 - s)) for n, s in enumerate(shares)
    ]
    rows = [with_words(*[10 * n + w for w in ASKS])[1] for n in range(4)]
    asks = (np.full(len(WINDOWS), NO_HASH), np.concatenate(rows))
    found = find_candidates(first, [asks])
    assert sorted((c.votes, c.first) for c in found.pairs) == [(4.0, 2), (5.0, 3), (6.0, 1)]


def test_words_within_one_list_ask_the_earlier_ones():
    pictures = [with_words(*ASKS), with_words(*[None] * 6), with_words(*ASKS)]
    found = find_candidates(pictures, pictures, same=True).pairs
    assert [(c.first, c.second) for c in found] == [(0, 2)]


def test_a_pair_that_hashes_suggest_is_not_listed_again():
    hashes = random_hashes(np.random.default_rng(0), 1)[0]
    both = (hashes, with_words(*ASKS)[1])
    (pair,) = find_candidates([both], [both]).pairs
    assert (pair.distance, pair.votes) == (0, 0.0)
