from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mmholdout.ops.block_iou import iou, room, with_areas

coordinates = arrays(
    np.float32, st.tuples(st.just(4), st.integers(1, 6)), elements=st.integers(0, 9)
)


def one_iou(a, b, offset):
    width = max(min(a[2], b[2]) - max(a[0], b[0]) + offset, 0)
    height = max(min(a[3], b[3]) - max(a[1], b[1]) + offset, 0)
    areas = [(box[2] - box[0] + offset) * (box[3] - box[1] + offset) for box in (a, b)]
    union = sum(areas) - width * height
    if union == 0:
        return np.nan if width * height == 0 else np.inf
    return width * height / union


@pytest.mark.filterwarnings('ignore:.*encountered in divide')  # callers silence it
@given(coordinates, coordinates, st.sampled_from([0, 1]))
def test_each_pair_by_the_definition(first, second, offset):
    rows, columns = with_areas(first, offset), with_areas(second, offset)
    got = iou(rows, columns, offset, room(first.shape[1] * second.shape[1]))
    expected = [[one_iou(a, b, offset) for b in second.T.tolist()] for a in first.T.tolist()]
    np.testing.assert_allclose(got, np.float32(expected), rtol=1e-6)


@pytest.mark.parametrize(('offset', 'area'), [(0, 6.0), (1, 12.0)])
def test_areas(offset, area):
    assert with_areas(np.float32([[1], [2], [3], [5]]), offset)[4].tolist() == [area]


def test_rooms_may_be_larger_than_needed_and_are_used_again():
    boxes = with_areas(np.float32([[0, 0], [0, 0], [2, 1], [2, 2]]), 0)
    work = room(100)
    assert iou(boxes, boxes, 0, work).tolist() == [[1, 0.5], [0.5, 1]]
    assert iou(boxes[:, :1], boxes, 0, work).tolist() == [[1, 0.5]]
