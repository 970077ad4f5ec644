import warnings

import mmcv
import pytest
from PIL import Image

from mmholdout.datasets.image_header import read_header
from mmholdout.errors import DataError


def exif(orientation):
    found = Image.Exif()
    found[0x0112] = orientation
    return found


@pytest.fixture
def write(tmp_path):
    def _write(content, name='a.jpg'):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return _write


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'WEBP'])
@pytest.mark.parametrize('orientation', range(10))
def test_exif_orientation_is_what_the_decoder_makes_of_it(write, parts, kind, orientation):
    path = write(parts.image(30, 20, kind, exif=exif(orientation)))
    height, width = mmcv.imread(str(path)).shape[:2]
    header = read_header(path)
    assert (header.width, header.height) == (width, height)
    assert header.turned == (orientation in (5, 6, 7, 8))


@pytest.mark.parametrize('content', [b'Exif\0\0', b'Exif\0\0II*\0\xff\xff\xff\xff', b'nonsense'])
def test_damaged_exif_turns_nothing(write, parts, content):
    path = write(parts.image(30, 20, exif=content))
    assert (read_header(path).width, read_header(path).height) == (30, 20)


@pytest.mark.parametrize(
    ('kind', 'mode', 'name'),
    [
        ('PNG', 'RGB', 'a.jpg'),  # bytes of another format than the name says
        ('PNG', 'RGBA', 'a.png'),
        ('PNG', 'P', 'a.png'),
        ('JPEG', 'L', 'a.jpg'),
        ('JPEG', 'CMYK', 'a.jpg'),
        ('BMP', 'RGB', 'a.bmp'),
        ('WEBP', 'RGBA', 'a.webp'),
    ],
)
def test_formats_and_channels(write, parts, kind, mode, name):
    path = write(parts.image(30, 20, kind, mode), name)
    assert (read_header(path).width, read_header(path).height) == (30, 20)
    assert mmcv.imread(str(path)).shape == (20, 30, 3)


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'WEBP', 'BMP'])
@pytest.mark.parametrize('keep', [0.3, 0.9])
def test_a_file_cut_short_is_found(write, parts, kind, keep):
    content = parts.image(300, 200, kind)
    with pytest.raises(DataError, match=r'a\.jpg'):
        read_header(write(content[: int(len(content) * keep)]))


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'BMP', 'WEBP'])
def test_something_appended_is_no_damage(write, parts, kind):
    path = write(parts.image(30, 20, kind) + b'maker notes' * 20)
    assert read_header(path).width == 30


def test_pixels_are_not_decoded(write, parts, monkeypatch):
    paths = [write(parts.image(30, 20, kind), kind) for kind in ('JPEG', 'PNG', 'WEBP')]

    def refuse(*_):
        raise AssertionError('decoded')

    monkeypatch.setattr('PIL.ImageFile.ImageFile.load', refuse)
    assert {read_header(path).width for path in paths} == {30}


@pytest.mark.parametrize('content', [b'', b'no image at all', b'\xff\xd8\xff'])
def test_no_image(write, content):
    with pytest.raises(DataError, match=r'a\.jpg: no readable image: '):
        read_header(write(content))


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match='No such file'):
        read_header(tmp_path / 'a.jpg')


def test_no_warnings(write, parts):
    path = write(parts.image(30, 20, exif=b'Exif\0\0II*\0\xff\xff\xff\xff'))
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        read_header(path)
