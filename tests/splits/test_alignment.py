"""Maps are found where there is one, and the agreement of pixels is what it says."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from mmholdout.splits.alignment import (
    Picture,
    agreement,
    is_upright,
    picture_of,
    place,
    refined,
)
from mmholdout.splits.pixels import working_grey

SAME = np.array([[1.0, 0, 0], [0, 1, 0]])


@pytest.fixture(scope='module')
def greys(photos):
    return [working_grey(photo) for photo in photos]


@pytest.mark.parametrize(
    ('matrix', 'upright'),
    [
        ([[1, 0, 50], [0, 1, -20]], True),
        ([[0.6, 0, 0], [0, 0.9, 0]], True),
        ([[1.9, 0.1, 0], [-0.1, 1.9, 0]], True),
        ([[0.5, 0, 0], [0, 2, 0]], True),
        ([[2, 0.3, 0], [0, 1, 0]], True),  # slant is measured by the scale of its axis
        ([[0.5, 0.11, 0], [0, 1, 0]], False),
        ([[0.4, 0, 0], [0, 1, 0]], False),
        ([[1, 0, 0], [0, 2.1, 0]], False),
        ([[-1, 0, 320], [0, 1, 0]], False),
        ([[0, -1, 240], [1, 0, 0]], False),
        ([[0.94, -0.34, 0], [0.34, 0.94, 0]], False),
        ([[1, 0.3, 0], [0, 1, 0]], False),
    ],
)
def test_upright(matrix, upright):
    assert is_upright(np.array(matrix, float)) is upright


@pytest.mark.parametrize(
    'matrix', [[[1, 0, 40], [0, 1, -25]], [[0.8, 0, 20], [0, 0.8, 10]], [[1.25, 0, 0], [0, 1, 3]]]
)
def test_place_finds_the_map(greys, matrix):
    """`second` is what `matrix` lays on `first`; places a, b, c of a corner are compared."""
    matrix = np.array(matrix, float)
    found = 0
    for grey in greys[:12]:
        inverse = cv2.invertAffineTransform(matrix)
        second = cv2.warpAffine(grey, inverse, grey.shape[::-1])
        placed = place(picture_of(grey), picture_of(second))
        if placed is not None:
            corners = np.array([[30, 30, 1], [200, 30, 1], [30, 150, 1]])
            apart = np.abs(corners @ (placed.matrix - matrix).T).max()
            found += apart < 3 and placed.inliers <= placed.matches
    assert found >= 11  # 12 when this was written


def moved_keypoints(number, bits=0, astray=0.0):
    """Keypoints, and the same moved by (-5, 3), with other bits and one of them astray."""
    rng = np.random.default_rng(number)
    points = rng.uniform(10, 200, (number, 2)).astype(np.float32)
    descriptors = rng.integers(0, 256, (number, 32), dtype=np.uint8)
    others = np.unpackbits(descriptors, axis=1)
    for row in others:
        row[rng.choice(256, bits, replace=False)] ^= 1
    there = points + np.float32([-5, 3])
    there[0, 0] += astray
    grey = np.zeros((240, 320), np.uint8)
    return Picture(grey, points, descriptors), Picture(grey, there, np.packbits(others, axis=1))


@pytest.mark.parametrize(
    ('number', 'bits', 'matches'),
    [(7, 0, None), (8, 0, 8), (20, 0, 20), (20, 56, 20), (20, 57, None)],
)
def test_eight_keypoints_that_differ_in_up_to_56_bits_place_a_picture(number, bits, matches):
    placed = place(*moved_keypoints(number, bits))
    if matches is None:
        assert placed is None
    else:
        assert (placed.matches, placed.inliers) == (matches, matches)
        np.testing.assert_allclose(placed.matrix, [[1, 0, 5], [0, 1, -3]], atol=1e-4)


@pytest.mark.parametrize(('astray', 'inliers'), [(2.8, 30), (3.2, 29)])
def test_a_keypoint_agrees_up_to_three_pixels(astray, inliers):
    placed = place(*moved_keypoints(30, astray=astray))
    assert (placed.matches, placed.inliers) == (30, inliers)


def test_a_mirrored_map_places_nothing():
    first, second = moved_keypoints(20)
    turned = Picture(second.grey, second.points * np.float32([-1, 1]), second.descriptors)
    assert place(first, turned) is None


def test_different_pictures_have_few_inliers(greys):
    pictures = [picture_of(grey) for grey in greys]
    placed = [place(a, b) for a, b in itertools.pairwise(pictures)]
    assert max((p.inliers for p in placed if p is not None), default=0) < 16


def test_plain_pictures_are_not_placed():
    plain = picture_of(np.full((240, 320), 90, np.uint8))
    assert place(plain, plain) is None


def test_the_same_map_twice(greys):
    """RANSAC draws at random; verdicts are cached and must not depend on what ran before."""
    first, second = picture_of(greys[0]), picture_of(cv2.GaussianBlur(greys[0], (0, 0), 1.2))
    maps = [place(first, second) for _ in range(3)]
    assert all(np.array_equal(m.matrix, maps[0].matrix) for m in maps)


def test_a_picture_agrees_with_itself(greys):
    found = agreement(greys[0], greys[0], SAME)
    assert found.shapes == pytest.approx(1)
    assert found.details == pytest.approx(1)
    assert found.blocks == 1
    assert found.compared > 50
    assert (found.first_covered, found.second_covered) == (1, 1)


def test_brightness_and_contrast_do_not_count(greys):
    found = agreement(greys[0], cv2.convertScaleAbs(greys[0], alpha=0.6, beta=20), SAME)
    assert min(found.shapes, found.details) > 0.98


def test_a_negative_disagrees(greys):
    found = agreement(greys[0], 255 - greys[0], SAME)
    assert found.shapes == pytest.approx(-1)
    assert found.details == pytest.approx(-1)
    assert found.blocks == 0


def test_covered_shares():
    """A picture of half the width laid on the right half, and one that hangs out by a third."""
    rng = np.random.default_rng(0)
    first = rng.integers(0, 255, (240, 320)).astype(np.uint8)
    half = agreement(first, first[:, 160:], np.array([[1.0, 0, 160], [0, 1, 0]]))
    assert half.first_covered == pytest.approx(0.5, abs=0.01)
    assert half.second_covered == pytest.approx(1, abs=0.01)
    out = agreement(first, first, np.array([[1.0, 0, 107], [0, 1, 0]]))
    assert out.first_covered == pytest.approx(2 / 3, abs=0.01)
    assert out.second_covered == pytest.approx(2 / 3, abs=0.01)
    apart = agreement(first, first, np.array([[1.0, 0, 400], [0, 1, 0]]))
    assert (apart.first_covered, apart.details, apart.compared) == (0, 0, 0)


@pytest.mark.parametrize('columns', [0, 80, 160, 240, 320])
def test_the_share_of_the_blocks_that_agree(columns):
    """300 blocks of noise, of which those on the left are the same."""
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 256, (2, 240, 320)).astype(np.uint8)
    second[:, :columns] = first[:, :columns]
    found = agreement(first, second, SAME)
    assert (found.blocks, found.compared) == (columns / 320, 300)
    assert found.details == pytest.approx(columns / 320, abs=0.04)


@pytest.mark.parametrize(('height', 'blocks'), [(2.5, 0), (3.0, 13 * 18)])
def test_faint_waves_are_no_structure(height, blocks):
    """Waves of 12 pixels, 1.6 and 1.9 grey levels root mean square after the blur."""
    ground = 120 + height * np.sin(2 * np.pi * np.arange(320) / 12)
    wave = np.tile(ground.round().astype(np.uint8), (240, 1))
    assert agreement(wave, wave, SAME).compared == blocks  # none along the border


def test_shade_is_no_detail():
    """Two plain grounds under the same vignette."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[-1:1:240j, -1:1:320j]
    shade = 200 - 90 * (x * x + y * y)
    first, second = (
        np.clip(shade + rng.normal(0, 4, shade.shape), 0, 255).astype(np.uint8) for _ in range(2)
    )
    found = agreement(first, second, SAME)
    assert found.shapes > 0.95
    assert found.details < 0.3


def test_refining_moves_to_the_place(greys):
    moved = np.array([[1.0, 0, 3], [0, 1, -2]])
    for grey in greys[:5]:
        second = cv2.warpAffine(grey, cv2.invertAffineTransform(moved), grey.shape[::-1])
        better = refined(grey, second, SAME)
        centre = np.array([160, 120, 1])
        assert np.abs((better - moved) @ centre).max() < 1
        assert agreement(grey, second, better).details > agreement(grey, second, SAME).details


def test_refining_of_a_plain_picture_changes_nothing():
    plain = np.full((240, 320), 90, np.uint8)
    assert np.array_equal(refined(plain, plain, SAME), SAME)
