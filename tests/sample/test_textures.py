import numpy as np
import pytest

from mmholdout.sample.textures import TEXTURES, background, colour, smooth_noise


@pytest.mark.parametrize('texture', TEXTURES)
def test_a_texture_has_the_asked_shape_and_is_not_flat(texture, rng):
    image = texture(rng, 40, 64)
    assert image.shape == (40, 64, 3)
    assert image.dtype == np.float32
    assert np.isfinite(image).all()
    assert image.std(axis=(0, 1)).max() > 1


def test_backgrounds_have_the_asked_shape_in_both_directions_of_grain():
    for seed in range(20):
        image = background(np.random.default_rng(seed), 30, 50)
        assert image.shape == (30, 50, 3)
        assert image.flags['C_CONTIGUOUS']  # OpenCV draws into it


def test_backgrounds_differ():
    means = {
        tuple(background(np.random.default_rng(seed), 30, 50).mean((0, 1)).round())
        for seed in range(12)
    }
    assert len(means) == 12


def test_larger_cells_are_smoother(rng):
    def roughness(cell):
        return np.abs(np.diff(smooth_noise(rng, 60, 60, cell), axis=1)).mean()

    assert roughness(2) > 2 * roughness(10)


def test_stretched_cells_are_smoother_along_x(rng):
    noise = smooth_noise(rng, 60, 60, 2, stretch=10)
    assert np.abs(np.diff(noise, axis=0)).mean() > 3 * np.abs(np.diff(noise, axis=1)).mean()


def test_colour_without_saturation_is_grey_within_its_range(rng):
    for _ in range(20):
        blue, green, red = colour(rng, 50, 100, 0)
        assert blue == green == red
        assert 50 <= blue <= 100
