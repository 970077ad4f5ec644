"""Against cv2.resize of the window, cut from a filled plane that is really made."""

import cv2
import numpy as np
import pytest

from mmholdout.datasets.affine_warp import sample

FILL = np.array([120.0, 60.0, 200.0], np.float32)


def picture(width=80, height=60):
    rng = np.random.default_rng(0)
    rough = rng.integers(0, 256, (height // 4, width // 4, 3)).astype(np.uint8)
    return cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)


def planed(image, window, size):
    """The window of the plane, resized in floats."""
    height, width = image.shape[:2]
    margin = 400
    plane = np.full((height + 2 * margin, width + 2 * margin, 3), FILL, np.float32)
    plane[margin : margin + height, margin : margin + width] = image
    x1, y1, x2, y2 = (v + margin for v in window)
    return cv2.resize(np.ascontiguousarray(plane[y1:y2, x1:x2]), size)


def whole(placed, size):
    """The output with its fill."""
    placed.blend(FILL)
    out = np.full((size[1], size[0], 3), FILL, np.float32)
    out[slice(*placed.rows), slice(*placed.columns)] = placed.pixels
    return out


WINDOWS = [
    (0, 0, 80, 60),  # the image
    (10, 5, 61, 52),  # a part
    (-30, -20, 120, 100),  # all around it
    (-25, 10, 40, 50),  # beyond one side
    (50, 30, 170, 90),  # beyond a corner
    (-300, -200, 320, 260),  # far out
    (70, 50, 75, 54),  # a few pixels
    (-3, -3, 5, 5),  # a few, and the fill
]


@pytest.mark.guarantee
@pytest.mark.parametrize('size', [(30, 30), (97, 41), (160, 160)])
@pytest.mark.parametrize('window', WINDOWS, ids=str)
def test_equal_to_a_resized_plane(window, size):
    image = picture()
    found = whole(sample(image, window, size, (80, 60), colour=np.copy), size)
    # OpenCV's own rounding of weights is 1/32 px before its version 5.
    atol = 0.05 if int(cv2.__version__.split('.')[0]) >= 5 else 4
    np.testing.assert_allclose(found, planed(image, window, size), atol=atol)


@pytest.mark.parametrize('window', [(200, 10, 260, 50), (-90, -90, -10, -10), (10, 60, 40, 90)])
def test_a_window_of_fill_alone(window):
    placed = sample(picture(), window, (20, 20), (80, 60))
    assert placed.pixels.size == 0
    assert (whole(placed, (20, 20)) == FILL).all()


def test_without_colours_whole_numbers_are_those_of_opencv():
    image = picture()
    placed = sample(image, (10, 5, 61, 52), (40, 30), (80, 60))
    assert placed.pixels.dtype == np.uint8
    assert (placed.pixels == cv2.resize(image[5:52, 10:61], (40, 30))).all()


@pytest.mark.parametrize(
    ('size', 'window', 'shape'),
    [
        ((30, 30), (10, 5, 61, 52), (47, 51)),  # 2.7 px of the source for each one
        ((20, 20), (10, 5, 61, 52), (20, 20)),  # 6
        ((30, 30), (-80, -60, 160, 120), (10, 10)),  # 48, and most of it is fill
    ],
)
def test_colours_change_where_it_costs_less(size, window, shape):
    seen = []

    def colour(pixels):
        assert pixels.dtype == np.float32
        seen.append(pixels.shape[:2])
        return pixels + 1

    image = picture()
    placed = sample(image, window, size, (80, 60), colour=colour)
    assert seen == [shape]
    plain = sample(image, window, size, (80, 60), colour=np.copy)
    np.testing.assert_allclose(placed.pixels, plain.pixels + 1, atol=1e-3)


@pytest.mark.parametrize('factor', [2, 4])
@pytest.mark.parametrize('window', [(0, 0, 320, 240), (-160, -100, 480, 380), (33, 21, 289, 213)])
def test_a_reduced_source_lies_in_the_same_place(factor, window):
    """On a ramp, where a mean over a block and its middle are the same."""
    columns, rows = np.meshgrid(np.arange(320), np.arange(240))
    ramp = np.stack([columns * 0.5 + 40, rows * 0.5 + 40, columns * 0.25 + rows * 0.5], axis=2)
    reduced = ramp.reshape(240 // factor, factor, 320 // factor, factor, 3).mean(axis=(1, 3))
    size = (64, 48)
    found = sample(np.rint(reduced).astype(np.uint8), window, size, (320, 240), factor)
    expected = sample(np.rint(ramp).astype(np.uint8), window, size, (320, 240))
    assert (found.rows, found.columns) == (expected.rows, expected.columns)
    inner = (slice(2, -2), slice(2, -2))
    np.testing.assert_allclose(found.pixels[inner], expected.pixels[inner], atol=1.2)
