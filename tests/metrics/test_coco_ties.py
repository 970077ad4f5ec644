"""The order of copies; that they count as repeated images is in test_coco_accumulate.py."""

from __future__ import annotations

import numpy as np

from mmholdout.metrics.coco_ties import find_ties, tied_groups, with_copies


def test_runs_of_equal_rows() -> None:
    image = np.array([0, 0, 0, 1, 1, 1, 1])
    score = np.array([9, 5, 5, 5, 4, 4, 4])
    assert tied_groups(image, score).tolist() == [-1, 1, 1, -1, 3, 3, 3]
    assert tied_groups(np.array([3, 3, 1])).tolist() == [0, 0, -1]
    assert tied_groups(np.zeros(0), np.zeros(0)).tolist() == []


# places 0 to 6: a hit; a tie of miss, hit, miss, hit; a miss of another size; a hit.
TIE = np.array([-1, 1, 1, 1, 1, -1, -1])
IN_AREA = np.array([True, True, True, False, False, False, True])
POSITION = np.array([0, 2, 4, 6, 2])  # threshold 0 finds four, threshold 1 only one
BOUNDS = np.array([0, 4, 5])


def ties_with(is_counted):
    return find_ties(TIE, IN_AREA, POSITION, np.array(is_counted), BOUNDS)


def test_what_counts_within_a_tie() -> None:
    ties = ties_with([True] * 5)
    assert ties.row.tolist() == [1, 2, 4]
    assert ties.group.tolist() == [0, 0, 1]
    assert ties.true_until.tolist() == [1, 2, 1]
    assert ties.true_in_all.tolist() == [2, 2, 1]
    assert ties.seen_until.tolist() == [2, 3, 2]  # place 4 counts for what it found
    assert ties.seen_in_all.tolist() == [3, 3, 2]


def test_a_hit_on_something_ignored_does_not_count() -> None:
    ties = ties_with([True, False, True, True, True])
    assert ties.true_until.tolist() == [0, 1, 1]
    assert ties.seen_until.tolist() == [1, 2, 2]
    assert ties.seen_in_all.tolist() == [2, 2, 2]


def test_each_copy_keeps_its_order() -> None:
    # every image three times; running numbers in the order a, a, a, b, b, b
    num_true, num_seen = np.array([3, 6, 9, 12, 3]), np.array([3, 9, 12, 15, 9])
    true, seen, bounds = with_copies(
        ties_with([True] * 5), np.array([3, 3, 3]), num_true, num_seen, BOUNDS
    )
    assert true.tolist() == [3, 4, 5, 6, 7, 8, 9, 12, 1, 2, 3]
    assert seen.tolist() == [3, 5, 6, 8, 9, 11, 12, 15, 5, 7, 9]
    assert bounds.tolist() == [0, 8, 11]


def test_an_image_that_was_not_drawn() -> None:
    true, seen, bounds = with_copies(
        ties_with([True] * 5),
        np.array([0, 0, 0]),
        np.array([1, 1, 1, 2, 0]),
        np.array([1, 1, 1, 2, 0]),
        BOUNDS,
    )
    assert true.tolist() == seen.tolist() == [1, 2]
    assert bounds.tolist() == [0, 2, 2]
