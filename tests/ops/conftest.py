from __future__ import annotations

import math

import numpy as np
import pytest

from mmholdout import ops


@pytest.fixture(autouse=True)
def mmcv_extension():
    """Tests of one file alone, too, find what they import from mmcv.ops."""
    ops.supply()


def bilinear_value(plane, y, x):
    """A plane read between its pixels, border repeated for one pixel, then 0."""
    height, width = plane.shape
    if not (-1 <= y <= height and -1 <= x <= width):
        return 0.0
    y, x = min(max(y, 0.0), height - 1.0), min(max(x, 0.0), width - 1.0)
    total = 0.0
    for row in {math.floor(y), math.ceil(y)}:
        for column in {math.floor(x), math.ceil(x)}:
            total += (1 - abs(y - row)) * (1 - abs(x - column)) * plane[row, column]
    return total


def sample_places(low, high, bins, ratio, aligned):
    """The sample positions of each bin along one axis, from the roi's scaled edges."""
    if aligned:
        low, high = low - 0.5, high - 0.5
    extent = high - low if aligned else max(high - low, 1.0)
    size = extent / bins
    count = ratio if ratio > 0 else math.ceil(size)
    return [[low + b * size + (i + 0.5) * size / count for i in range(count)] for b in range(bins)]


def roi_align(features, rois, bins, scale, ratio, aligned, mode):
    """Output and the places of the maxima, bin by bin, channel by channel."""
    shape = (len(rois), features.shape[1], *bins)
    output, where_y, where_x = np.zeros(shape), np.full(shape, -1.0), np.full(shape, -1.0)
    for n, (image, x1, y1, x2, y2) in enumerate(rois):
        places_y = sample_places(y1 * scale, y2 * scale, bins[0], ratio, aligned)
        places_x = sample_places(x1 * scale, x2 * scale, bins[1], ratio, aligned)
        for c, row, column in np.ndindex(shape[1:]):
            samples = [
                (bilinear_value(features[int(image), c], y, x), y, x)
                for y in places_y[row]
                for x in places_x[column]
            ]
            at = (n, c, row, column)
            if mode == 'avg':
                output[at] = sum(s[0] for s in samples) / max(len(samples), 1)
            elif samples:
                output[at], where_y[at], where_x[at] = max(samples, key=lambda s: s[0])
            else:
                output[at] = -10000
    return output, where_y, where_x


@pytest.fixture(scope='session')
def roi_align_reference():
    return roi_align


@pytest.fixture(scope='session')
def roi_case():
    """Random features and rois by seed: in, across, outside of and larger than the map."""

    def make(seed):
        rng = np.random.default_rng(seed)
        height, width = rng.integers(1, 10, 2)
        features = rng.standard_normal((2, 3, height, width))
        count = int(rng.integers(0, 6))
        scale = float(rng.choice([1.0, 0.5, 0.3]))
        size = max(height, width) / scale
        corner = (rng.random((count, 2)) * 1.8 - 0.4) * size
        extent = rng.random((count, 2)) * size * rng.choice([0.0, 0.2, 1.0, 2.0])
        images = rng.integers(0, 2, (count, 1))
        rois = np.concatenate([images, corner, corner + extent], axis=1)
        bins = tuple(int(n) for n in rng.integers(1, 5, 2))
        return features, rois, bins, scale, int(rng.integers(0, 4)), bool(rng.integers(0, 2))

    return make
