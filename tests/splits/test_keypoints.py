"""Keypoints are bounded in number, and small or plain pictures have none."""

from __future__ import annotations

import numpy as np
import pytest

from mmholdout.splits.keypoints import keypoints
from mmholdout.splits.pixels import working_grey


@pytest.mark.parametrize('most', [5, 100])
def test_shapes_and_number(photos, most):
    grey = working_grey(photos[0])
    points, descriptors = keypoints(grey, most, levels=4, factor=1.3)
    assert (points.dtype, descriptors.dtype) == (np.float32, np.uint8)
    assert points.shape == (most, 2)
    assert descriptors.shape == (most, 32)
    assert (points >= 0).all()
    assert (points < grey.shape[::-1]).all()


@pytest.mark.parametrize('shape', [(240, 320), (1, 1), (1, 320), (320, 2), (31, 320), (32, 320)])
def test_none_in_plain_or_tiny_pictures(shape):
    points, descriptors = keypoints(np.full(shape, 9, np.uint8), 100, levels=5, factor=1.25)
    assert points.shape == (0, 2)
    assert descriptors.shape == (0, 32)


def test_faint_edges_have_points():
    """Squares 10 grey levels above the ground; FAST's usual limit is 20."""
    picture = np.full((240, 320), 120, np.uint8)
    for left in (60, 130, 200):
        picture[90:130, left : left + 40] += 10
    points, _ = keypoints(picture, 100, levels=4, factor=1.3)
    assert len(points) >= 12
