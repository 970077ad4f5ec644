from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.ops.roi_axes import axes, bilinear, chunks


def rois_of(*edges):
    return torch.tensor([[0.0, x1, y1, x2, y2] for x1, y1, x2, y2 in edges], dtype=torch.float64)


def test_axes_are_scaled_shifted_and_divided():
    y, x = axes(rois_of((4, 8, 20, 40)), (4, 2), (30, 20), 0.5, 0, aligned=True)
    assert (y.start.item(), y.step.item(), y.grid.item(), y.bins, y.length) == (3.5, 4, 4, 4, 30)
    assert (x.start.item(), x.step.item(), x.grid.item(), x.bins, x.length) == (1.5, 4, 4, 2, 20)


def test_unaligned_rois_are_at_least_one_pixel():
    y, x = axes(rois_of((4, 8, 4, 7)), (2, 2), (30, 20), 1.0, 0, aligned=False)
    assert (y.start.item(), y.step.item(), x.step.item()) == (8, 0.5, 0.5)
    y, _ = axes(rois_of((4, 8, 4, 8)), (2, 2), (30, 20), 1.0, 0, aligned=True)
    assert y.grid.item() == 0


def test_positions_divide_each_bin_evenly():
    y, _ = axes(rois_of((0, 0, 8, 8), (0, 4, 8, 5)), (2, 2), (9, 9), 1.0, 0, aligned=False)
    positions, exist = y.positions()
    assert positions[0].tolist() == [[0.5, 1.5, 2.5, 3.5], [4.5, 5.5, 6.5, 7.5]]
    assert exist.tolist() == [[[True] * 4], [[True, False, False, False]]]
    assert positions[1, :, 0].tolist() == [4.25, 4.75]


def test_taps_are_the_mean_of_the_samples():
    y, _ = axes(rois_of((0, 1, 8, 5)), (2, 2), (9, 9), 1.0, 2, aligned=False)
    pixels, weights = y.taps()  # samples at 1.5, 2.5; 3.5, 4.5
    assert pixels.tolist() == [[[1, 2, 3], [3, 4, 5]]]
    assert weights.tolist() == [[[0.25, 0.5, 0.25]] * 2]


def test_taps_of_nothing():
    y, _ = axes(rois_of((0, 3, 0, 3), (0, 90, 9, 99)), (2, 2), (9, 9), 1.0, 0, aligned=True)
    pixels, weights = y.taps()
    assert weights.abs().sum() == 0
    assert pixels.min() >= 0 and pixels.max() < 9


def test_bilinear_borders():
    low, high, weight_low, weight_high = bilinear(
        torch.tensor([-1.01, -1.0, -0.3, 0.25, 3.0, 3.5, 4.0, 4.01]), 4
    )
    assert low.tolist() == [0, 0, 0, 0, 3, 3, 3, 0]
    assert high.tolist() == [1, 1, 1, 1, 3, 3, 3, 1]
    assert weight_low.tolist() == [0, 1, 1, 0.75, 1, 1, 1, 0]
    assert weight_high.tolist() == [0, 0, 0, 0.25, 0, 0, 0, 0]


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30),
    st.integers(1, 60),
    st.booleans(),
)
def test_chunks_hold_each_roi_once_within_the_budget(costs, budget, alike):
    table = torch.tensor(costs, dtype=torch.int64).reshape(-1, 2)
    parts = list(chunks(table, budget, alike))
    assert sorted(i for part in parts for i in part.tolist()) == list(range(len(costs)))
    for part in parts:
        heights, widths = table[part].T.tolist()
        assert len(part) == 1 or len(part) * max(heights) * max(widths) <= budget
        assert not alike or len(set(zip(heights, widths))) == 1


def test_chunks_are_not_smaller_than_needed():
    assert len(list(chunks(torch.ones(10, 2, dtype=torch.int64), 5))) == 2
