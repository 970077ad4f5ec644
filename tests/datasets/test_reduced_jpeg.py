import cv2
import numpy as np
import pytest

from mmholdout.datasets.reduced_jpeg import read_reduced, reduction
from mmholdout.errors import DataError


@pytest.fixture
def picture(tmp_path):
    def write(name='a.jpg', width=83, height=61):
        ramp = np.tile(np.linspace(0, 255, width), (height, 1)).astype(np.uint8)
        path = tmp_path / name
        assert cv2.imwrite(str(path), np.dstack([ramp] * 3))
        return str(path)

    return write


@pytest.mark.parametrize(
    ('window', 'factor'),
    [
        ((0, 0, 100, 100), 1),
        ((0, 0, 599, 900), 1),
        ((0, 0, 600, 600), 2),
        ((-600, -600, 600, 1200), 4),
        ((0, 0, 1200, 600), 2),  # the finer side counts
        ((0, 0, 9000, 9000), 8),
        ((0, 0, 30, 30), 1),  # enlarged
    ],
)
def test_no_more_than_the_output_shows(window, factor):
    assert reduction(window, (300, 300)) == factor


@pytest.mark.parametrize(
    ('factor', 'shape'), [(1, (61, 83)), (2, (31, 42)), (4, (16, 21)), (8, (8, 11))]
)
def test_sides_are_rounded_up(picture, factor, shape):
    image, used = read_reduced(picture(), factor, (83, 61))
    assert image.shape[:2] == shape and used == factor
    middles = (np.arange(83 // factor) + 0.5) * factor - 0.5  # of the columns each one covers
    np.testing.assert_allclose(image[8 // factor, : len(middles), 0], middles / 82 * 255, atol=3)


def test_other_formats_are_read_whole(picture):
    image, used = read_reduced(picture('a.png'), 4, (83, 61))
    assert image.shape[:2] == (61, 83) and used == 1


def test_another_size_than_the_data_set_says(picture):
    with pytest.raises(DataError, match='42x31 px where 85x61 divided by 2'):
        read_reduced(picture(), 2, (85, 61))


@pytest.mark.parametrize('content', [b'', b'\xff\xd8\xff nothing', b'text'])
def test_what_is_no_image(tmp_path, content):
    path = tmp_path / 'a.jpg'
    path.write_bytes(content)
    with pytest.raises(DataError, match='no readable image'):
        read_reduced(str(path), 2, (83, 61))


def test_no_file(tmp_path):
    with pytest.raises(DataError, match='cannot be read'):
        read_reduced(str(tmp_path / 'none.jpg'), 1, (1, 1))
