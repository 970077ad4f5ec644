import cv2
import numpy as np
import pytest
from PIL import Image

from mmholdout.datasets import decode_check
from mmholdout.datasets.decode_check import Decoded, decode, decode_all


@pytest.fixture
def write(tmp_path):
    def _write(content, name='a.jpg'):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return _write


def garbled(content):
    """Noise in the middle of a JPEG's pixels; its end is whole."""
    noise = np.random.default_rng(1).integers(0, 255, 200, np.uint8).tobytes()
    middle = len(content) // 2
    return content[:middle] + noise + content[middle + 200 :]


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'WEBP', 'BMP'])
def test_a_sound_image(write, parts, kind):
    path = write(parts.image(30, 20, kind))
    assert decode(path) == Decoded(path)


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'WEBP', 'BMP'])
@pytest.mark.parametrize('keep', [0.0, 0.01, 0.5, 0.99])
def test_a_file_cut_short(write, parts, kind, keep):
    content = parts.image(300, 200, kind)
    found = decode(write(content[: int(len(content) * keep)]))
    assert 'a.jpg: no readable image' in found.unreadable


def test_a_file_that_looks_whole_but_has_no_pixels(write):
    found = decode(write(b'\xff\xd8\xff\xe0 \xff\xd9'))
    assert found.unreadable


def test_a_missing_file(tmp_path):
    assert 'No such file' in decode(tmp_path / 'a.jpg').unreadable


def test_a_header_that_opencv_sees_otherwise(write, parts, monkeypatch):
    monkeypatch.setattr(decode_check, '_pixels', lambda _: np.zeros((5, 7, 3), np.uint8))
    found = decode(write(parts.image(30, 20)))
    assert found.unreadable.endswith('its header says 30x20, OpenCV 7x5')


@pytest.mark.parametrize('orientation', [1, 3, 6, 8, 9])
def test_a_turned_image_is_sound(write, parts, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = write(parts.image(30, 20, exif=exif))
    assert decode(path) == Decoded(path)


@pytest.mark.parametrize('workers', [1, 2, None])
def test_many_files_in_order_with_what_the_decoder_says(write, parts, capfd, workers):
    sound = parts.image(300, 200)
    paths = [
        write(sound, 'sound.jpg'),
        write(garbled(sound), 'garbled.jpg'),
        write(sound[:-500], 'short.jpg'),
        write(sound[:20] + b'\0\0\0' + sound[20:], 'odd.jpg'),
        write(sound, 'again.jpg'),
    ]
    found = list(decode_all(paths, workers))
    assert [one.path for one in found] == paths
    assert [one == Decoded(one.path) for one in found] == [True, False, False, False, True]
    assert 'garbled.jpg: Corrupt JPEG data' in found[1].damaged and not found[1].unreadable
    assert 'short.jpg' in found[2].unreadable
    assert 'odd.jpg: Corrupt JPEG data' in found[3].remark
    assert not found[3].damaged and not found[3].unreadable
    assert capfd.readouterr().err == ''


@pytest.mark.timeout(60)
def test_processes_start_though_opencv_has_threads_here(write, parts):
    cv2.setNumThreads(4)
    cv2.GaussianBlur(np.zeros((2000, 2000, 3), np.uint8), (9, 9), 2)  # starts them
    path = write(parts.image(30, 20))
    assert list(decode_all([path] * 3, 2)) == [Decoded(path)] * 3


def test_no_files():
    assert list(decode_all([])) == []


def test_reading_may_stop_early(write, parts):
    path = write(parts.image(30, 20))
    answers = decode_all([path] * 50, 2)
    assert next(answers) == Decoded(path)
    answers.close()
