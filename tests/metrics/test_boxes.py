from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mmholdout.metrics.boxes import iou, iou_matrix

BOXES = hnp.arrays(
    np.float32, st.tuples(st.integers(0, 6), st.just(4)), elements=st.integers(0, 9).map(float)
)


@pytest.mark.parametrize(
    ('first', 'second', 'legacy_pixel', 'expected'),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), False, 1.0),
        ((0, 0, 10, 10), (0, 0, 5, 10), False, 0.5),
        ((0, 0, 10, 10), (10, 0, 20, 10), False, 0.0),  # they touch
        ((0, 0, 10, 10), (10, 0, 20, 10), True, 11 / 231),  # they share a column of pixels
        ((0, 0, 8, 8), (0, 0, 3.8, 8), False, 0.475),
        ((0, 0, 8, 8), (0, 0, 3.8, 8), True, 4.8 / 9),
        ((5, 5, 5, 5), (5, 5, 5, 5), False, 0.0),  # no area, no overlap, no 0 / 0
        ((5, 5, 5, 5), (5, 5, 5, 5), True, 1.0),  # one pixel
        ((0, 0, 10, 10), (9, 9, 2, 2), False, 0.0),  # inverted
        ((0, 0, 12e-4, 12e-4), (0, 0, 12e-4, 12e-4), False, 1.0),  # tiny, but an area
    ],
)
def test_known_overlaps(first, second, legacy_pixel, expected) -> None:
    value = iou(np.array(first), np.array(second), legacy_pixel)
    assert value == pytest.approx(expected, abs=1e-12)


def test_the_last_pixel_is_not_part_of_a_box_where_nothing_is_said() -> None:
    first, second = np.array([[0, 0, 10, 10]]), np.array([[10, 0, 20, 10]])
    assert iou(first, second).tolist() == [0.0]
    assert iou_matrix(first, second).tolist() == [[0.0]]


def test_the_computation_is_in_float64() -> None:
    first = np.array([[0, 0, 3, 1]], dtype=np.float32)
    second = np.array([[0, 0, 1, 1]], dtype=np.float32)
    assert iou_matrix(first, second)[0, 0] == 1 / 3
    assert iou_matrix(first, second).dtype == np.float64


@pytest.mark.parametrize('shape', [(0, 3), (3, 0), (0, 0), (2, 3)])
def test_shapes(shape) -> None:
    assert iou_matrix(np.ones((shape[0], 4)), np.ones((shape[1], 4))).shape == shape


@given(BOXES, BOXES, st.booleans())
def test_equals_mmdet(mean_ap_module, first, second, legacy_pixel) -> None:
    expected = mean_ap_module.bbox_overlaps(first, second, use_legacy_coordinate=legacy_pixel)
    np.testing.assert_allclose(iou_matrix(first, second, legacy_pixel), expected, rtol=1e-6)


@given(BOXES, st.booleans())
def test_symmetric_and_bounded_for_ordered_boxes(boxes, legacy_pixel) -> None:
    boxes = np.sort(boxes.reshape(-1, 2, 2), axis=1).reshape(-1, 4)
    matrix = iou_matrix(boxes, boxes, legacy_pixel)
    np.testing.assert_array_equal(matrix, matrix.T)
    assert ((matrix >= 0) & (matrix <= 1)).all()
