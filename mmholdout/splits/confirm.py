"""Whether two pictures show the same, decided by geometry and then by the pixels.

A hash only suggests. Keypoints must agree on one upright map (ORB with RANSAC), or the window
that the hash matched gives one; then one picture is laid on the other and their details must
correlate, as a whole and block by block. The limits are set from benchmarks/near_duplicates.py:
altered copies and second photographs of one field lie above them, pictures that share a frame, a
mask or a watermark below.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from mmholdout.splits.alignment import (
    Agreement,
    Matrix,
    Picture,
    agreement,
    picture_of,
    place,
    refined,
)
from mmholdout.splits.candidates import Candidate
from mmholdout.splits.perceptual_hash import window_map

ALTERED = 'altered copy'  # re-encoded, resized or of other brightness
MIRRORED = 'mirrored copy'
CROPPED = 'cropped copy'
MIRRORED_CROPPED = 'mirrored and cropped copy'
OVERLAPPING = 'overlapping view'  # a part of the field, or another photograph of it

_SHAPES = 0.85
_DETAILS = 0.75
_BLOCKS = 0.75
_COMPARED = 12  # blocks with structure; fewer prove nothing
_COVERED = 0.2  # of one of the two pictures
_COPIED = 0.93  # details: two photographs of one field mostly differ by more, copies by less
_WHOLE = 0.97  # of a picture, from here on taken for all of it
_CERTAIN = 0.95  # details and blocks that refining need not raise
_PROMISING = 0.3  # details below which refining is no use
_INLIERS = 6  # any three points agree on a map; fewer than this are not worth the pixels


@dataclass(frozen=True)
class Verdict:
    """Why two pictures count as near-duplicates.

    Attributes:
        kind: one of the kinds above.
        agreement: of the pixels where they overlap.
        inliers: keypoints that agree on the map; 0 where it came from the hash.
        matches: keypoints that look alike.
        mirrored: the second picture was mirrored first.
    """

    kind: str
    agreement: Agreement
    inliers: int
    matches: int
    mirrored: bool

    def evidence(self) -> str:
        """The numbers in one line."""
        found = self.agreement
        points = f'{self.inliers} of {self.matches} keypoints' if self.matches else 'hash'
        return (
            f'{points}, details {found.details:.2f}, blocks {found.blocks:.2f} of '
            f'{found.compared}, overlap {found.first_covered:.0%} and {found.second_covered:.0%}'
        )


def confirm(first: Picture, second: Picture, candidate: Candidate | None = None) -> Verdict | None:
    """The verdict on a pair, or None where the pictures are not shown to be the same.

    Args:
        first: the picture that the other is laid on.
        second: another.
        candidate: what suggested the pair: whether to mirror first, and a map to try where
            keypoints fail. Without it both ways are tried.
    """
    if candidate is None:
        ways = [False, True]
    elif candidate.votes:
        ways = [False]  # words of a mirrored picture are others
    else:
        ways = [candidate.mirrored, not candidate.mirrored]
    for mirrored in ways:
        turned = _fitted(second, first.grey.shape, mirrored)
        for matrix, inliers, matches in _maps(first, turned, candidate, mirrored):
            found = _agreed(first, turned, matrix)
            if is_same(found):
                return Verdict(_kind(found, mirrored), found, inliers, matches, mirrored)
    return None


def is_same(found: Agreement) -> bool:
    """Whether the pixels prove it."""
    return (
        found.compared >= _COMPARED
        and found.shapes >= _SHAPES
        and found.details >= _DETAILS
        and found.blocks >= _BLOCKS
        and max(found.first_covered, found.second_covered) >= _COVERED
    )


def _fitted(picture: Picture, shape: tuple[int, ...], mirrored: bool) -> Picture:
    """The picture, mirrored if asked, at the size of the other: stretching is undone so."""
    if picture.grey.shape == shape and not mirrored:
        return picture
    grey = cv2.resize(picture.grey, shape[::-1], interpolation=cv2.INTER_LINEAR)
    return picture_of(np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey)


def _maps(
    first: Picture, second: Picture, candidate: Candidate | None, mirrored: bool
) -> Iterator[tuple[Matrix, int, int]]:
    placed = place(first, second)
    if placed is not None and placed.inliers >= _INLIERS:
        yield placed.matrix, placed.inliers, placed.matches
    if candidate is not None and not candidate.votes and candidate.mirrored == mirrored:
        window = window_map(candidate.window, first.grey.shape)
        yield window if candidate.of_first else cv2.invertAffineTransform(window), 0, 0


def _agreed(first: Picture, second: Picture, matrix: Matrix) -> Agreement:
    found = agreement(first.grey, second.grey, matrix)
    if found.details < _PROMISING or min(found.details, found.blocks) >= _CERTAIN:
        return found
    better = agreement(first.grey, second.grey, refined(first.grey, second.grey, matrix))
    return max(found, better, key=lambda a: min(a.details, a.blocks))


def _kind(found: Agreement, mirrored: bool) -> str:
    if found.details < _COPIED:
        return MIRRORED if mirrored else OVERLAPPING
    whole = (found.first_covered >= _WHOLE, found.second_covered >= _WHOLE)
    if all(whole):
        return MIRRORED if mirrored else ALTERED
    if any(whole):
        return MIRRORED_CROPPED if mirrored else CROPPED
    return OVERLAPPING
