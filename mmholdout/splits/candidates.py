"""Pairs of images that may be copies of each other; `confirm` decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mmholdout.splits.bit_count import bit_count
from mmholdout.splits.local_words import WordIndex, Words
from mmholdout.splits.perceptual_hash import MIRROR, NO_HASH, WINDOWS, Hashes

HASH_DISTANCE = 12  # bits of 63: see benchmarks/near_duplicates.py
VOTES = 2.0  # for one displacement, to be exceeded: chance often gives two unique words
PER_IMAGE = 5  # candidates by hash that are looked at, the nearest
PER_IMAGE_BY_WORDS = 3
NO_DISTANCE = 64
# In place of a missing hash: 64 bits from its complement, 32 from that mirrored.
_NOWHERE = np.uint64(0x9E3779B97F4A7C15)
_WAYS = ((False, True), (False, False), (True, True), (True, False))  # mirrored, of_first


@dataclass(frozen=True, order=True)
class Candidate:
    """A pair by its rows in the two sequences that were compared.

    Attributes:
        distance: bits in which the hashes differ; 64 where only words suggest the pair.
        votes: of the shared words, see `WordIndex.votes`; 0 where the hashes suggest the pair.
        mirrored: whether `second` mirrored is nearer to `first`.
        window: the window whose hash matched; 0 is the whole picture.
        of_first: the window lies in `first`, and `second` is the whole.
    """

    distance: int
    first: int
    second: int
    votes: float = 0.0
    mirrored: bool = False
    window: int = 0
    of_first: bool = True


@dataclass(frozen=True)
class Candidates:
    """Candidates by rising distance.

    Attributes:
        pairs: for each second image at most `per_image` by hash, and 3 more by words.
        more_hashes: second images with more candidates by hash; those left out are farther away.
        more_words: second images with more candidates by words than that.
    """

    pairs: tuple[Candidate, ...]
    more_hashes: frozenset[int]
    more_words: frozenset[int]


def find_candidates(
    first: Sequence[tuple[Hashes, Words]],
    second: Sequence[tuple[Hashes, Words]],
    *,
    same: bool = False,
    per_image: int = PER_IMAGE,
    progress: Callable[[int, int], None] | None = None,
) -> Candidates:
    """Compare each image of `first` with each of `second`.

    Args:
        first: hashes and words of each image.
        second: the same; best the smaller of the two sets.
        same: both are one list, of which each pair is wanted once.
        per_image: candidates by hash for each second image, the nearest.
        progress: called with the numbers of steps done and of all, two for a second image.
    """
    kept: dict[tuple[int, int], Candidate] = {}
    more_hashes, more_words = set(), set()
    hashes = _stacked(first), _stacked(second)
    for row, near, number in near_hashes(*hashes, same=same, most=per_image, progress=progress):
        if number > per_image:
            more_hashes.add(row)
        kept |= {(c.first, row): c for c in near}
    index = WordIndex([words for _, words in first])

    for row, (_, words) in enumerate(second):
        votes = index.votes(words, row=row if same else None)
        high = np.flatnonzero(votes > VOTES)
        ranked = high[np.argsort(-votes[high], kind='stable')].tolist()
        further = [one for one in ranked if (one, row) not in kept]
        if len(further) > PER_IMAGE_BY_WORDS:
            more_words.add(row)
        for one in further[:PER_IMAGE_BY_WORDS]:
            kept[one, row] = Candidate(NO_DISTANCE, one, row, votes=float(votes[one]))
        if progress is not None:
            progress(len(second) + row + 1, 2 * len(second))
    return Candidates(tuple(sorted(kept.values())), frozenset(more_hashes), frozenset(more_words))


def near_hashes(
    first: Hashes,
    second: Hashes,
    *,
    same: bool = False,
    most: int = PER_IMAGE,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[tuple[int, list[Candidate], int]]:
    """For rows of `second` near to rows of `first`: the row, the nearest, and how many are near.

    The whole of one picture is compared with each window of the other, both ways, and both as
    it is and mirrored. Windows are not compared with windows.

    Args:
        first: uint64 (N, W), the hash of the whole picture in column 0.
        second: uint64 (M, W).
        same: both are one list; only earlier rows of it are looked at.
        most: candidates for each row of `second`.
        progress: see `find_candidates`; this is the first half.
    """
    first = np.where(first == NO_HASH, _NOWHERE, first)
    second = np.where(second == NO_HASH, ~_NOWHERE, second)
    windows, whole = first.ravel(), np.ascontiguousarray(first[:, 0])
    for row, own in enumerate(second):
        if progress is not None:
            progress(row + 1, 2 * len(second))
        ways = []  # (N, W) distances each, in the order of _WAYS
        for turned in (own, own ^ MIRROR):
            ways.append(bit_count(windows ^ turned[0]).reshape(first.shape))
            ways.append(bit_count(whole ^ turned[:, None]).T)
        if first.size == 0 or min(int(way.min()) for way in ways) > HASH_DISTANCE:
            continue
        least = np.stack([way.min(axis=1) for way in ways])
        nearest = least.min(axis=0)
        if same:
            nearest[row:] = NO_DISTANCE
        near = np.flatnonzero(nearest <= HASH_DISTANCE)
        found = []
        for one in near[np.argsort(nearest[near], kind='stable')[:most]].tolist():
            way = int(least[:, one].argmin())
            mirrored, of_first = _WAYS[way]
            found.append(
                Candidate(
                    distance=int(nearest[one]),
                    first=one,
                    second=row,
                    mirrored=mirrored,
                    window=int(ways[way][one].argmin()),
                    of_first=of_first,
                )
            )
        if found:
            yield row, found, len(near)


def _stacked(images: Sequence[tuple[Hashes, Words]]) -> Hashes:
    return np.array([hashes for hashes, _ in images], np.uint64).reshape(-1, len(WINDOWS))
