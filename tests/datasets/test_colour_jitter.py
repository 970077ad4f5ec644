"""Against mmdet's PhotoMetricDistortion."""

import numpy as np
import pytest
from mmdet.datasets.transforms import PhotoMetricDistortion

from mmholdout.datasets.colour_jitter import Jitter, JitterRange, apply_jitter
from mmholdout.datasets.sample_seed import seeded

RANGE = JitterRange(32, (0.5, 1.5), (0.5, 1.5), 18)


def pixels():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (40, 50, 3)).astype(np.float32)
    image[:4] //= 8  # dark: below 0 when it gets darker
    image[4:8] = image[4:8, :, :1]  # grey
    image[8:12, :, 2] = 255  # red: hues on both sides of 0
    image[12, :, :] = 0
    return image


@pytest.mark.guarantee
def test_the_colours_of_mmdet_from_the_same_draws():
    stock = PhotoMetricDistortion(32, (0.5, 1.5), (0.5, 1.5), 18)
    seen = set()
    for seed in range(300):
        with seeded(seed):
            expected = stock.transform({'img': pixels()})['img']
            following = np.random.random()
        with seeded(seed):
            jitter = RANGE.draw()
            assert np.random.random() == following
        found = apply_jitter(pixels(), jitter)
        found = found if jitter.order is None else found[..., jitter.order]
        np.testing.assert_allclose(found, expected, atol=2e-2, err_msg=str(jitter))
        seen.add((jitter.contrast_last, jitter.saturation is None, jitter.hue is None))
    assert len(seen) == 8


def test_nothing_drawn_changes_nothing():
    assert (apply_jitter(pixels(), Jitter()) == pixels()).all()


@pytest.mark.parametrize('shape', [(1, 1, 3), (4, 1, 3), (1, 4, 3), (0, 0, 3), (0, 5, 3)])
def test_any_size(shape):
    """OpenCV takes an array of one column for a colour."""
    jitter = Jitter(False, -20.0, 1.2, 1.4, -15.0)
    large = np.full((30, 30, 3), (30, 90, 200), np.float32)
    found = apply_jitter(np.full(shape, (30, 90, 200), np.float32), jitter)
    assert found.shape == shape
    if found.size:
        np.testing.assert_allclose(found[0, 0], apply_jitter(large, jitter)[0, 0], atol=1e-3)
