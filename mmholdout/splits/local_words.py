"""Which pictures share small details: for views that overlap in part, which no hash sees.

Each ORB keypoint gives a few words, fixed samples of the bits of its
descriptor. Two photographs of one field share words that are rare elsewhere, and all of them
moved by about as much. Shared rare words vote for a picture and a displacement: locality-sensitive
hashing (Indyk and Motwani, STOC 1998) with weak geometric consistency (Jegou et al., ECCV 2008).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mmholdout.splits.keypoints import keypoints

Grey = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

KEYPOINTS = 256
COLUMNS = 7  # six words, each from its own table, and where the keypoint lies: x * 65536 + y
_TABLES = COLUMNS - 1
_BITS = 24  # of 256, in each table
_COMMON = 64  # a word that more keypoints have tells nothing
_SHORTLIST = 40  # pictures whose displacements are counted
_CELL = 16  # pixels: displacements nearer than this agree
_TABLE_MARKS = np.arange(_TABLES, dtype=np.uint32) << _BITS  # words of two tables never meet
_CHOSEN = np.stack(
    [np.random.RandomState(table).permutation(256)[:_BITS] for table in range(_TABLES)]
)  # RandomState's stream is frozen, so that cached words stay comparable


def local_words(grey: Grey) -> Words:
    """The words of a picture, uint32 (K, 7) with K <= 256 keypoints; none in a plain one."""
    points, descriptors = keypoints(grey, KEYPOINTS, levels=4, factor=1.3)
    bits = np.unpackbits(descriptors, axis=1)
    weights = np.left_shift(np.uint32(1), np.arange(_BITS, dtype=np.uint32))
    words = np.empty((len(bits), COLUMNS), np.uint32)
    words[:, :_TABLES] = (bits[:, _CHOSEN] * weights).sum(axis=2, dtype=np.uint32) + _TABLE_MARKS
    x, y = points.round().astype(np.uint32).T
    words[:, _TABLES] = (x << 16) + y
    return words


class WordIndex:
    """The words of many pictures, sorted for look-up."""

    def __init__(self, pictures: list[Words]) -> None:
        self.size = len(pictures)
        counts = [len(words) for words in pictures]
        every = np.concatenate([np.zeros((0, COLUMNS), np.uint32), *pictures])
        words = every[:, :_TABLES].ravel()
        order = np.argsort(words, kind='stable')
        self._words = words[order]
        self._owners = np.repeat(np.arange(self.size), counts)[order // _TABLES]
        self._places = _places(every[order // _TABLES, _TABLES])

    def votes(self, words: Words, row: int | None = None) -> Numbers:
        """For each picture, how much speaks for a view shared with it; float64 (size,).

        A shared word counts 1 / (keypoints that have it); summed over the displacement with
        most votes, for the 40 pictures that share most; 0 for the others.

        Args:
            words: of the picture that is looked up.
            row: where it is itself in the index: only earlier pictures are wanted then, and its
                own keypoints do not make its words common.
        """
        owners, weights, moved = self._hits(words, own=0 if row is None else 1)
        total = np.bincount(owners, weights, self.size)
        if row is not None:
            total[row:] = 0
        listed = np.zeros(self.size, bool)
        listed[np.argsort(-total, kind='stable')[:_SHORTLIST]] = True
        listed &= total > 0
        wanted = listed[owners]
        owners, weights, moved = owners[wanted], weights[wanted], moved[wanted]
        best = np.zeros(self.size)
        for shift in ((0, 0), (0, 1), (1, 0), (1, 1)):  # halves of a cell: no border cuts all
            cells = (2 * moved + np.array(shift) * _CELL) // (2 * _CELL) + 512
            keys = (owners << 20) + (cells[:, 0] << 10) + cells[:, 1]
            found, group = np.unique(keys, return_inverse=True)
            np.maximum.at(best, found >> 20, np.bincount(group, weights, len(found)))
        return best

    def _hits(self, words: Words, own: int) -> tuple[Whole, Numbers, Whole]:
        """Of each shared word: the picture, its weight, and the displacement (x, y)."""
        flat = words[:, :_TABLES].ravel()
        order = np.argsort(flat)  # neighbours are looked up faster
        asked = flat[order]
        first = np.searchsorted(self._words, asked, 'left')
        held = np.searchsorted(self._words, asked, 'right') - first
        held[held > _COMMON + own] = 0
        within = np.arange(held.sum()) - np.repeat(np.cumsum(held) - held, held)
        hit = np.repeat(first, held) + within
        here = _places(words[order // _TABLES, _TABLES])
        moved = self._places[hit] - np.repeat(here, held, axis=0)
        weights: Numbers = np.repeat(1.0 / np.maximum(held - own, 1), held)
        return self._owners[hit], weights, moved


def _places(packed: Words) -> Whole:
    return np.stack([packed >> 16, packed & 0xFFFF], axis=1).astype(np.int64)
