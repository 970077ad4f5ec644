import numpy as np

from mmholdout.sample.camera import photograph


def grey(level=128):
    return np.full((40, 50, 3), level, np.float32)


def test_a_photograph_is_an_8_bit_picture_of_the_same_shape(rng):
    picture = photograph(rng, grey())
    assert picture.shape == (40, 50, 3)
    assert picture.dtype == np.uint8


def test_scene_values_beyond_the_range_are_clipped_not_wrapped(rng):
    # Wrapped around, 300 would be 44 and -50 would be 206.
    assert photograph(rng, grey(1000)).min() > 120
    with np.errstate(invalid='raise'):  # a negative number has no power 0.8
        assert photograph(rng, grey(-50)).max() < 80


def test_light_and_noise_differ_between_photographs():
    pictures = [photograph(np.random.default_rng(seed), grey()).astype(float) for seed in range(20)]
    assert np.ptp([p.mean() for p in pictures]) > 30
    assert min(p.std() for p in pictures) > 0.5
