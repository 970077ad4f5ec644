"""Hashes stay near under what copying does, and far between different pictures."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from scipy.fft import dctn

from mmholdout.splits.perceptual_hash import MIRROR, NO_HASH, WINDOWS, window_hashes, window_map
from mmholdout.splits.pixels import working_grey


@pytest.fixture(scope='module')
def greys(photos):
    return [working_grey(photo) for photo in photos]


def distance(a, b):
    return int(np.bitwise_count(a ^ b))


def test_bits_are_the_signs_of_the_low_frequencies():
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, (60, 80)).astype(np.uint8)
    waves = cv2.dct(picture.astype(np.float32))[:8, :8]
    signs = (waves > 0).ravel()
    signs[0] = False
    expected = int(''.join('01'[int(sign)] for sign in signs), 2)
    assert int(window_hashes(picture)[0]) == expected


def test_every_window_is_hashed_by_itself(greys):
    """Against SciPy's transform, apart from frequencies so weak that rounding turns them."""
    for grey in greys[:6]:
        base = cv2.resize(grey, (80, 60), interpolation=cv2.INTER_AREA)
        for value, (rows, columns) in zip(window_hashes(grey).tolist(), WINDOWS, strict=True):
            waves = dctn(base[rows, columns].astype(np.float64), norm='ortho')[:8, :8].ravel()
            bits = np.array([int(bit) for bit in f'{value:064b}'])
            sure = np.abs(waves) > 1e-2
            assert sure.sum() > 60
            assert bits[0] == 0
            assert ((waves > 0) == bits)[1:][sure[1:]].all()


def test_windows_are_the_whole_and_three_sizes_of_crops():
    boxes = [(r.start, c.start, r.stop - r.start, c.stop - c.start) for r, c in WINDOWS]
    assert boxes[0] == (0, 0, 60, 80)
    places = {
        size: {box[:2] for box in boxes if box[2:] == size} for size in {b[2:] for b in boxes}
    }
    assert places == {
        (60, 80): {(0, 0)},
        (57, 76): set(itertools.product((0, 3), (0, 4))),
        (54, 72): set(itertools.product((0, 3, 6), (0, 4, 8))),
        (48, 64): set(itertools.product((0, 6, 12), (0, 8, 16))),
    }


@pytest.mark.parametrize(('height', 'hashed'), [(2.6, False), (3.0, True)])
def test_two_grey_levels_of_deviation_are_structure(height, hashed):
    """Half a wave: its deviation is its height / sqrt(2), 1.8 and 2.1 grey levels."""
    wave = 120 + height * np.cos(np.pi * (np.arange(320) + 0.5) / 320)
    picture = np.tile(wave.round().astype(np.uint8), (240, 1))
    assert (window_hashes(picture)[0] != NO_HASH) == hashed


def test_mirror_is_one_xor(greys):
    for grey in greys:
        hashes, turned = window_hashes(grey), window_hashes(np.ascontiguousarray(grey[:, ::-1]))
        assert distance(hashes[0] ^ MIRROR, turned[0]) <= 1  # a coefficient of nearly 0 may flip


def test_windows_of_the_mirrored_picture_are_the_mirrored_windows():
    columns = {(w[0].start, w[1].start, w[1].stop) for w in WINDOWS}
    assert columns == {(y, 80 - right, 80 - left) for y, left, right in columns}
    assert len(WINDOWS) == len(set(map(str, WINDOWS))) == 23


@pytest.mark.parametrize('name', ['re-encoded', 'halved', 'enlarged', 'stretched', 'darker'])
def test_whole_pictures_stay_near(photos, changes, name):
    for photo in photos:
        copy = working_grey(changes[name](photo))
        assert distance(window_hashes(working_grey(photo))[0], window_hashes(copy)[0]) <= 6


@pytest.mark.parametrize('name', ['cropped 2 %', 'cropped 5 %', 'cropped 10 %'])
def test_some_window_is_near_to_a_crop(photos, changes, name):
    for photo in photos:
        hashes = window_hashes(working_grey(photo))
        copy = window_hashes(working_grey(changes[name](photo)))[0]
        assert min(distance(own, copy) for own in hashes) <= 12


def test_different_pictures_are_far(greys):
    wholes = [window_hashes(grey)[0] for grey in greys]
    apart = [distance(a, b) for a, b in itertools.combinations(wholes, 2)]
    assert min(apart) > 12
    assert 28 < np.mean(apart) < 35  # chance is 31.5


@pytest.mark.parametrize('level', [0, 128, 255])
def test_plain_pictures_have_no_hash(level):
    noise = np.random.default_rng(1).normal(level, 3, (240, 320))
    assert (window_hashes(np.clip(noise, 0, 255).astype(np.uint8)) == NO_HASH).all()


def test_a_window_that_misses_all_structure_has_no_hash():
    grey = np.full((240, 320), 200, np.uint8)
    grey[:, :6] = 0
    hashes = window_hashes(grey)
    assert hashes[0] != NO_HASH
    right = [n for n, (_, columns) in enumerate(WINDOWS) if columns.start >= 4]
    assert right
    assert (hashes[right] == NO_HASH).all()


def test_maps_put_a_crop_where_it_was_cut():
    for number, (rows, columns) in enumerate(WINDOWS):
        corners = np.array([[0, 0, 1], [320, 240, 1]]) @ window_map(number, (240, 320)).T
        expected = [[columns.start, rows.start], [columns.stop, rows.stop]]
        np.testing.assert_allclose(corners, np.array(expected) * 4.0)


def test_tiny_pictures_are_hashed():
    assert window_hashes(np.zeros((1, 1), np.uint8)).shape == (23,)
    assert window_hashes(np.zeros((1, 320), np.uint8)).dtype == np.uint64
