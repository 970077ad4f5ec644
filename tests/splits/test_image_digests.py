"""What is read, what is known already, and what cannot be read."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from mmholdout.splits.image_digests import absolute, digest_images
from mmholdout.splits.local_words import local_words
from mmholdout.splits.perceptual_hash import window_hashes
from mmholdout.splits.pixels import working_grey


def test_digest_of_an_image(write, photos):
    path = write('a', {'x': photos[0]})['x']
    digests = digest_images([path])
    found = digests.found[str(path)]
    assert digests.computed == 1
    assert found.size == path.stat().st_size
    assert found.file == hashlib.sha256(path.read_bytes()).hexdigest()
    expected = hashlib.sha256(repr(photos[0].shape).encode() + photos[0].tobytes()).hexdigest()
    assert found.pixels == expected
    grey = working_grey(photos[0])
    assert np.array_equal(found.hashes, window_hashes(grey))
    assert np.array_equal(found.words, local_words(grey))


def test_the_same_pixels_in_another_file(tmp_path, photos):
    for level in (1, 9):
        cv2.imwrite(str(tmp_path / f'{level}.png'), photos[0], [cv2.IMWRITE_PNG_COMPRESSION, level])
    one, two = digest_images([tmp_path / '1.png', tmp_path / '9.png']).found.values()
    assert one.file != two.file
    assert one.pixels == two.pixels


def test_pixels_are_upright(tmp_path, photos):
    """EXIF's rotation is applied, as training does it."""
    upright = Image.fromarray(photos[0][..., ::-1])
    upright.save(tmp_path / 'upright.png')
    exif = Image.Exif()
    exif[0x0112] = 6
    upright.rotate(90, expand=True).save(tmp_path / 'turned.png', exif=exif)
    one, two = digest_images([tmp_path / 'upright.png', tmp_path / 'turned.png']).found.values()
    assert one.pixels == two.pixels


def test_the_shape_counts(write):
    paths = write(
        'a', {'wide': np.zeros((2, 6, 3), np.uint8), 'high': np.zeros((6, 2, 3), np.uint8)}
    )
    assert len({d.pixels for d in digest_images(paths.values()).found.values()}) == 2


def test_what_is_known_is_not_read(write, photos, monkeypatch):
    path = write('a', {'x': photos[0]})['x']
    first = digest_images([path]).found[str(path)]
    monkeypatch.setattr(Path, 'read_bytes', lambda _: 1 / 0)
    again = digest_images([path], {str(path): first})
    assert again.found[str(path)] is first
    assert again.computed == 0


def test_a_changed_file_is_read_again(write, photos):
    path = write('a', {'x': photos[0]})['x']
    known = dict(digest_images([path]).found)
    before = path.stat()
    cv2.imwrite(str(path), photos[1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # the size differs
    assert digest_images([path], known).computed == 1
    known = dict(digest_images([path]).found)
    data = bytearray(path.read_bytes())
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))  # the time differs
    touched = digest_images([path], known)
    assert touched.computed == 0  # read, but its bytes are known
    assert touched.found[str(path)].mtime_ns == before.st_mtime_ns + 1


def test_a_moved_file_is_not_decoded_again(tmp_path, write, photos):
    path = write('a', {'x': photos[0]})['x']
    known = dict(digest_images([path]).found)
    shutil.move(path, tmp_path / 'y.png')
    moved = digest_images([tmp_path / 'y.png'], known)
    assert moved.computed == 0
    (digest,) = moved.found.values()
    assert digest.pixels == known[str(path)].pixels


def test_relative_paths_are_known_too(write, photos, monkeypatch):
    path = write('a', {'x': photos[0]})['x']
    known = dict(digest_images([path]).found)
    monkeypatch.chdir(path.parent)
    assert absolute('x.png') == str(path)
    assert digest_images(['x.png'], known).found['x.png'] is known[str(path)]


def test_what_cannot_be_read_is_told(tmp_path, write, photos):
    good = write('a', {'x': photos[0]})['x']
    (tmp_path / 'text.jpg').write_text('no image')
    (tmp_path / 'empty.jpg').touch()
    names = [str(tmp_path / name) for name in ('text.jpg', 'empty.jpg', 'missing.jpg')]
    digests = digest_images([good, *names])
    assert list(digests.found) == [str(good)]
    assert list(digests.unreadable) == names
    assert 'no readable image' in digests.unreadable[names[0]]
    assert 'No such file' in digests.unreadable[names[2]]


def test_repeats_are_digested_once_and_progress_is_told(write, photos):
    path = write('a', {'x': photos[0]})['x']
    told = []
    digests = digest_images([path, str(path)], progress=lambda *n: told.append(n))
    assert digests.computed == 1
    assert told == [(1, 1)]
