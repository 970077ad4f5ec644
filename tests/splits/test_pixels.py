"""Images come out as in training, and small and grey."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from mmholdout.errors import DataError
from mmholdout.splits.pixels import decode, read_working_grey, working_grey


def test_decodes_as_the_loader_of_training(tmp_path, photos):
    from mmcv.transforms import LoadImageFromFile

    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    path = tmp_path / 'a.jpg'
    Image.fromarray(photos[0]).save(path, exif=exif)
    loaded = LoadImageFromFile()({'img_path': str(path)})['img']
    decoded = decode(path.read_bytes(), path)
    assert decoded.shape[:2] == photos[0].shape[1::-1]
    assert np.array_equal(decoded, loaded)


@pytest.mark.parametrize('mode', ['L', 'RGBA', 'P', '1', 'I;16'])
def test_every_mode_has_three_channels(tmp_path, mode):
    path = tmp_path / 'a.png'
    Image.new(mode, (5, 4)).save(path)
    assert decode(path.read_bytes(), path).shape == (4, 5, 3)


@pytest.mark.parametrize('data', [b'', b'no image', b'\x89PNG\r\n\x1a\n'])
def test_what_is_no_image_is_named(data):
    with pytest.raises(DataError, match=r'x/bad\.jpg: no readable image'):
        decode(data, 'x/bad.jpg')


@pytest.mark.parametrize(
    ('height', 'width', 'expected'),
    [(480, 640, (240, 320)), (640, 480, (320, 240)), (60, 30, (320, 160)), (1, 1000, (1, 320))],
)
def test_longest_side(height, width, expected):
    grey = working_grey(np.zeros((height, width, 3), np.uint8))
    assert (grey.shape, grey.dtype) == (expected, np.uint8)


def test_resizing_leaves_little_trace(photos):
    for photo in photos[:5]:
        twice = cv2.resize(photo, None, fx=2, fy=2)
        difference = cv2.absdiff(working_grey(photo), working_grey(twice))
        assert difference.mean() < 2


def test_reads_files(tmp_path, photos):
    cv2.imwrite(str(tmp_path / 'a.png'), photos[1])
    assert np.array_equal(read_working_grey(tmp_path / 'a.png'), working_grey(photos[1]))
    with pytest.raises(OSError, match='missing'):
        read_working_grey(tmp_path / 'missing.png')
