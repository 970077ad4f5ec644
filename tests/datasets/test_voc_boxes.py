import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.datasets.voc_boxes import Remark, clean_box

W, H = 64, 48


@pytest.mark.parametrize(
    ('box', 'bbox', 'remark'),
    [
        ((1, 1, 64, 48), (0, 0, 64, 48), None),  # the whole image
        ((11, 6, 30, 25), (10, 5, 30, 25), None),
        ((1.5, 2.25, 3, 4), (0.5, 1.25, 3, 4), None),
        ((0, 5, 10, 10), (0, 4, 10, 10), Remark.ZERO_BASED),
        ((5, 0, 10, 10), (4, 0, 10, 10), Remark.ZERO_BASED),
        ((0, 0, 10, 10), (0, 0, 10, 10), Remark.ZERO_BASED),
        ((-4, 5, 10, 10), (0, 4, 10, 10), Remark.CLIPPED),
        ((60, 40, 70, 60), (59, 39, 64, 48), Remark.CLIPPED),
        ((0, 5, 99, 10), (0, 4, 64, 10), Remark.CLIPPED),
        ((64, 5, 70, 10), (63, 4, 64, 10), Remark.CLIPPED),
        ((64.5, 5, 70, 10), None, Remark.SLIVER),
        ((-9, 5, 0.5, 10), None, Remark.SLIVER),
        ((5, -9, 9, 0.99), None, Remark.SLIVER),
        ((-9, 5, 1, 10), (0, 4, 1, 10), Remark.CLIPPED),
        ((65, 5, 70, 10), None, Remark.OUTSIDE),
        ((-9, 5, 0, 10), None, Remark.OUTSIDE),
        ((5, 5, 5, 9), None, Remark.NO_AREA),
        ((5, 5, 9, 5), None, Remark.NO_AREA),
        ((504, 337, 504, 337), None, Remark.NO_AREA),
        ((9, 5, 5, 9), None, Remark.INVERTED),
        ((5, 9, 9, 5), None, Remark.INVERTED),
        ((math.nan, 5, 9, 9), None, Remark.NOT_FINITE),
        ((1, 5, math.inf, 9), None, Remark.NOT_FINITE),
    ],
)
def test_one_based(box, bbox, remark):
    clean = clean_box(box, W, H)
    assert (clean.bbox, clean.remark) == (bbox, remark)


@pytest.mark.parametrize(
    ('box', 'bbox', 'remark'),
    [
        ((0, 0, 64, 48), (0, 0, 64, 48), None),
        ((10, 5, 30, 25), (10, 5, 30, 25), None),
        ((-1, 5, 30, 25), (0, 5, 30, 25), Remark.CLIPPED),
        ((10, 5, 11, 6), (10, 5, 11, 6), None),
        ((10, 5, 10.9, 6), None, Remark.SLIVER),
        ((64, 5, 70, 10), None, Remark.OUTSIDE),
    ],
)
def test_zero_based(box, bbox, remark):
    clean = clean_box(box, W, H, one_based=False)
    assert (clean.bbox, clean.remark) == (bbox, remark)


side = st.floats(-100, 200) | st.integers(-100, 200).map(float) | st.just(math.nan)


@given(st.tuples(side, side, side, side), st.booleans())
def test_a_kept_box_is_a_target_and_a_change_is_told(box, one_based):
    clean = clean_box(box, W, H, one_based)
    if clean.bbox is None:
        assert clean.remark is not None
        return
    x1, y1, x2, y2 = clean.bbox
    assert 0 <= x1 < x2 <= W and 0 <= y1 < y2 <= H
    assert min(x2 - x1, y2 - y1) >= 1
    shift = 1 if one_based else 0
    changed = clean.bbox != (box[0] - shift, box[1] - shift, box[2], box[3])
    assert changed == (clean.remark is not None)


@given(st.integers(0, W - 2), st.integers(0, H - 2), st.integers(2, W), st.integers(2, H))
def test_pixels_of_a_mask_come_back(x1, y1, w, h):
    """The first and last pixel of a mask, counted from 1 as VOC does."""
    x2, y2 = min(W, x1 + w), min(H, y1 + h)
    assert clean_box((x1 + 1, y1 + 1, x2, y2), W, H).bbox == (x1, y1, x2, y2)
