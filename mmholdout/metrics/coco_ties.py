"""Detections of equal score in an image that counts several times, one copy after the other.

An image that a bootstrap drew twice counts as if it stood twice in the list. Its detections
then come twice in the order of scores. Where scores differ this is the same as counting each
detection double. Where two detections of the image share a score it is not: the copies come as
a, b, a, b and not as a, a, b, b, and precision differs in between. Only these are copied here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Ties:
    """The hits that share image, class and score with another detection.

    Attributes:
        row: int64 (Q,) index of the hit, rising.
        group: int64 (Q,), equal for hits of one tie at one threshold, rising.
        true_until: int64 (Q,) hits that count, from the tie's begin up to and with this one.
        true_in_all: int64 (Q,), in the whole tie.
        seen_until: int64 (Q,) detections that count, likewise.
        seen_in_all: int64 (Q,).
    """

    row: NDArray[np.int64]
    group: NDArray[np.int64]
    true_until: NDArray[np.int64]
    true_in_all: NDArray[np.int64]
    seen_until: NDArray[np.int64]
    seen_in_all: NDArray[np.int64]


def tied_groups(*columns: NDArray[np.generic]) -> NDArray[np.int64]:
    """Number the runs of several equal rows (N,), -1 for a row unlike its neighbours."""
    differs = np.ones(len(columns[0]), dtype=bool)
    differs[1:] = False
    for column in columns:
        differs[1:] |= column[1:] != column[:-1]
    group = np.cumsum(differs) - 1
    several = np.bincount(group) > 1
    tie: NDArray[np.int64] = np.where(several[group], group, -1)
    return tie


def find_ties(
    tie: NDArray[np.int64],
    in_area: NDArray[np.bool_],
    position: NDArray[np.int64],
    is_counted: NDArray[np.bool_],
    bounds: NDArray[np.int64],
) -> Ties:
    """Ties among the hits of one size.

    Args:
        tie: (N,), from `tied_groups`, in the order of ranking.
        in_area: (N,).
        position: (E,) of the hits, as in `RankedHits`.
        is_counted: (E,).
        bounds: as in `RankedHits`.
    """
    row = np.flatnonzero(tie[position] >= 0)
    place = position[row]
    segment = np.searchsorted(bounds, row, side='right')
    is_first = np.ones(len(row), dtype=bool)
    is_first[1:] = (np.diff(tie[place]) != 0) | (np.diff(segment) != 0)
    first = np.flatnonzero(is_first)
    length = np.diff(first, append=len(row))
    group = np.repeat(np.arange(len(first)), length)

    own_tie = tie[place]
    order = np.flatnonzero(tie >= 0)
    begin = order[np.searchsorted(tie[order], own_tie, side='left')]
    last = order[np.searchsorted(tie[order], own_tie, side='right') - 1]
    fits = np.concatenate([[0], np.cumsum(in_area)])
    true_until = _within(is_counted[row].astype(np.int64), first, length)
    changes = is_counted[row].astype(np.int64) - in_area[place]
    changed_until = _within(changes, first, length)
    ends = (first + length - 1)[group]
    return Ties(
        row=row,
        group=group,
        true_until=true_until,
        true_in_all=true_until[ends],
        seen_until=fits[place + 1] - fits[begin] + changed_until,
        seen_in_all=fits[last + 1] - fits[begin] + changed_until[ends],
    )


def with_copies(
    ties: Ties,
    weights: NDArray[np.int64],
    num_true: NDArray[np.int64],
    num_seen: NDArray[np.int64],
    bounds: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Running numbers in which tied hits stand as often as they count.

    Args:
        ties: from `find_ties`.
        weights: (Q,) how often the image of each tied hit counts.
        num_true: (E,) hits that count up to and with each, in the order a, a, b, b.
        num_seen: (E,) detections that count, likewise.
        bounds: of the segments among the E.

    Returns:
        num_true and num_seen (E',) in the order a, b, a, b, and the bounds among these.
    """
    copies = np.ones(len(num_true), dtype=np.int64)
    copies[ties.row] = weights
    source = np.repeat(np.arange(len(copies)), copies)
    ends = np.concatenate([[0], np.cumsum(copies)])

    tied = np.repeat(np.arange(len(ties.row)), weights)  # which of `ties` each copy is of
    copy = np.arange(len(tied)) - np.repeat(np.cumsum(weights) - weights, weights)
    order = np.lexsort((tied, copy, ties.group[tied]))
    tied, copy = tied[order], copy[order]
    is_tied = np.zeros(len(copies), dtype=bool)
    is_tied[ties.row] = True
    slots = np.flatnonzero(is_tied[source])

    # what stood before the tie, then the earlier copies, then this copy up to the hit
    row, true_until, seen_until = ties.row[tied], ties.true_until[tied], ties.seen_until[tied]
    true_before = num_true[row] - weights[tied] * true_until
    seen_before = num_seen[row] - weights[tied] * seen_until
    true, seen = num_true[source], num_seen[source]
    true[slots] = true_before + copy * ties.true_in_all[tied] + true_until
    seen[slots] = seen_before + copy * ties.seen_in_all[tied] + seen_until
    return true, seen, ends[bounds]


def _within(
    values: NDArray[np.int64], first: NDArray[np.int64], length: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Running sums that begin anew at each of `first`."""
    sums = np.cumsum(values)
    before = sums[first] - values[first]
    running: NDArray[np.int64] = sums - np.repeat(before, length)
    return running
