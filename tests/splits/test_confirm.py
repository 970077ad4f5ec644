"""Copies are confirmed and named; pictures that only look alike are not."""

from __future__ import annotations

import dataclasses
import itertools

import cv2
import numpy as np
import pytest

from mmholdout.splits.alignment import Agreement, Placement, picture_of
from mmholdout.splits.candidates import Candidate
from mmholdout.splits.confirm import (
    ALTERED,
    CROPPED,
    MIRRORED,
    MIRRORED_CROPPED,
    OVERLAPPING,
    confirm,
    is_same,
)
from mmholdout.splits.pixels import working_grey

KINDS = {
    're-encoded': ALTERED,
    'halved': ALTERED,
    'enlarged': ALTERED,
    'stretched': ALTERED,
    'brighter': ALTERED,
    'darker': ALTERED,
    'mirrored': MIRRORED,
    'cropped 2 %': CROPPED,
    'cropped 5 %': CROPPED,
    'cropped 10 %': CROPPED,
    'mirrored and cropped 10 %': MIRRORED_CROPPED,
}
LIKE = Agreement(
    shapes=0.9, details=0.8, blocks=0.8, compared=40, first_covered=0.5, second_covered=0.5
)


def picture(image):
    return picture_of(working_grey(image))


@pytest.fixture(scope='module')
def pictures(photos):
    return [picture(photo) for photo in photos]


@pytest.mark.parametrize('name', KINDS)
def test_copies_are_confirmed_and_named(photos, pictures, changes, name):
    verdicts = [
        confirm(own, picture(changes[name](photo)))
        for own, photo in zip(pictures[:10], photos, strict=False)
    ]
    kinds = [verdict.kind for verdict in verdicts if verdict is not None]
    assert len(kinds) >= 9  # 10 for each when this was written
    assert kinds.count(KINDS[name]) >= len(kinds) - 1
    assert {v.mirrored for v in verdicts if v} == {'mirrored' in name}


def test_the_other_way_round_too(photos, pictures, changes):
    for photo, own in zip(photos[:4], pictures, strict=False):
        verdict = confirm(picture(changes['cropped 10 %'](photo)), own)
        assert verdict is not None
        assert verdict.kind == CROPPED
        assert verdict.agreement.first_covered > verdict.agreement.second_covered


def test_views_that_overlap(photos):
    found = 0
    for photo in photos[:12]:
        columns = photo.shape[1]
        left, right = photo[:, : columns * 3 // 4], photo[:, columns // 4 :]
        verdict = confirm(picture(left), picture(right))
        if verdict is not None:
            found += 1
            assert verdict.kind == OVERLAPPING
            assert 0.5 < verdict.agreement.first_covered < 0.8
    assert found >= 10  # 12 when this was written


def test_different_pictures_are_not(pictures):
    alarms = [
        (i, j)
        for (i, a), (j, b) in itertools.combinations(enumerate(pictures[:10]), 2)
        if confirm(a, b) is not None
    ]
    assert alarms == []


def framed(photo):
    photo = cv2.resize(photo, (240, 180))
    photo[:30] = photo[-30:] = 0
    return photo


def masked(photo):
    photo = cv2.resize(photo, (240, 180))
    mask = cv2.circle(np.zeros((180, 240, 1), np.uint8), (120, 90), 84, 1, -1)
    return photo * mask


def marked(photo):
    photo = cv2.resize(photo, (240, 180))
    for y in range(20, 180, 45):
        cv2.putText(photo, 'STOCK PHOTO 2020', (5, y), 0, 0.7, (255, 255, 255), 2)
    return photo


def vignetted(photo):
    """The plain ground of a slide, with noise of its own."""
    rng = np.random.default_rng(int(photo[:9].sum()))
    y, x = np.mgrid[-1:1:180j, -1:1:240j]
    ground = 210 - 90 * (x * x + y * y)[..., None] + rng.normal(0, 2, (180, 240, 3))
    return np.clip(ground, 0, 255).astype(np.uint8)


@pytest.mark.parametrize('alike', [framed, masked, marked, vignetted])
def test_what_pictures_have_in_common_is_no_proof(photos, alike):
    pictures = [picture(alike(photo)) for photo in photos[:6]]
    hint = Candidate(3, 0, 0)  # as whole pictures, where the frames lie on each other
    for a, b in itertools.combinations(pictures, 2):
        assert confirm(a, b) is None
        assert confirm(a, b, hint) is None


@pytest.mark.parametrize('shape', [(1, 1, 3), (1, 300, 3), (300, 2, 3), (50, 50, 3)])
def test_blank_and_tiny_pictures_are_not(shape):
    blank = picture(np.full(shape, 100, np.uint8))
    assert confirm(blank, blank) is None
    assert confirm(blank, blank, Candidate(0, 0, 0)) is None


def test_the_hash_places_what_has_no_corners():
    """Soft blobs: no keypoints, but the window that matched says where the crop lies."""
    y, x = np.mgrid[:240, :320]
    blobs = [(60, 50, 80), (150, 130, -70), (250, 70, 90), (230, 190, -60), (70, 190, 60)]
    soft = 120.0 + sum(v * np.exp(-((x - a) ** 2 + (y - b) ** 2) / 900) for a, b, v in blobs)
    image = cv2.merge([soft.clip(0, 255).astype(np.uint8)] * 3)
    first, second = picture(image), picture(image[:216, :288])
    assert confirm(first, second) is None
    hint = Candidate(2, 0, 0, window=5)  # nine tenths from the upper left corner
    verdict = confirm(first, second, hint)
    assert verdict is not None
    assert (verdict.kind, verdict.inliers, verdict.matches) == (CROPPED, 0, 0)
    turned = confirm(second, first, dataclasses.replace(hint, of_first=False))
    assert turned is not None


def test_words_never_mirror(photos, pictures):
    mirrored = picture(np.ascontiguousarray(photos[0][:, ::-1]))
    assert confirm(pictures[0], mirrored, Candidate(64, 0, 0, votes=9.0)) is None
    assert confirm(pictures[0], mirrored, Candidate(9, 0, 0, mirrored=False)) is not None


@pytest.mark.parametrize(
    ('changed', 'same'),
    [
        ({}, True),
        ({'shapes': 0.85, 'details': 0.75, 'blocks': 0.75, 'compared': 12}, True),
        ({'first_covered': 0.0, 'second_covered': 0.2}, True),
        ({'shapes': 0.84}, False),
        ({'details': 0.74}, False),
        ({'blocks': 0.74}, False),
        ({'compared': 11}, False),
        ({'first_covered': 0.1}, True),
        ({'first_covered': 0.1, 'second_covered': 0.19}, False),
    ],
)
def test_every_limit_counts(changed, same):
    assert is_same(dataclasses.replace(LIKE, **changed)) is same


@pytest.fixture
def told(monkeypatch, pictures):
    """`told(found, better, inliers)`: the verdict where keypoints and pixels say just this."""
    same = np.array([[1.0, 0, 0], [0, 1, 0]])
    moved = same + np.array([[0, 0, 1.0], [0, 0, 0]])

    def run(found, better=None, inliers=10, hint=None):
        room, refined = 'mmholdout.splits.confirm.', []
        by_map = {0.0: found, 1.0: better}
        monkeypatch.setattr(room + 'place', lambda *_: Placement(same, 12, inliers))
        monkeypatch.setattr(room + 'agreement', lambda _a, _b, matrix: by_map[matrix[0, 2]])
        monkeypatch.setattr(room + 'refined', lambda *_: refined.append(1) or moved)
        return confirm(pictures[0], pictures[0], hint), len(refined)

    return run


CERTAIN = Agreement(
    shapes=1.0, details=1.0, blocks=1.0, compared=40, first_covered=1.0, second_covered=1.0
)


@pytest.mark.parametrize('mirrored', [False, True])
@pytest.mark.parametrize(
    ('details', 'covered', 'kind', 'mirrored_kind'),
    [
        (0.95, (1.0, 1.0), ALTERED, MIRRORED),
        (0.95, (0.97, 0.97), ALTERED, MIRRORED),
        (0.95, (0.96, 0.97), CROPPED, MIRRORED_CROPPED),
        (0.95, (0.97, 0.96), CROPPED, MIRRORED_CROPPED),
        (0.95, (0.96, 0.96), OVERLAPPING, OVERLAPPING),
        (0.93, (1.0, 1.0), ALTERED, MIRRORED),
        (0.92, (1.0, 1.0), OVERLAPPING, MIRRORED),  # as two photographs of one field
    ],
)
def test_kinds(told, details, covered, kind, mirrored_kind, mirrored):
    found = dataclasses.replace(
        CERTAIN, details=details, first_covered=covered[0], second_covered=covered[1]
    )
    verdict, _ = told(found, found, hint=Candidate(3, 0, 0, mirrored=mirrored))
    assert verdict.kind == (mirrored_kind if mirrored else kind)
    assert (verdict.inliers, verdict.matches, verdict.mirrored) == (10, 12, mirrored)


@pytest.mark.parametrize(('inliers', 'enough'), [(5, False), (6, True)])
def test_few_inliers_are_no_map(told, inliers, enough):
    assert (told(CERTAIN, inliers=inliers)[0] is not None) is enough


@pytest.mark.parametrize(
    ('details', 'blocks', 'better', 'refined', 'kept'),
    [
        (0.94, 0.99, (0.99, 0.97), 1, 0.99),  # the worse of the two decides
        (0.99, 0.94, (0.96, 0.96), 1, 0.96),
        (0.90, 0.90, (0.99, 0.80), 1, 0.90),  # refining may make it worse
        (0.95, 0.95, (0.99, 0.99), 0, 0.95),  # certain already
    ],
)
def test_the_map_is_refined_where_that_may_help(told, details, blocks, better, refined, kept):
    found = dataclasses.replace(CERTAIN, details=details, blocks=blocks)
    improved = dataclasses.replace(CERTAIN, details=better[0], blocks=better[1])
    verdict, times = told(found, improved)
    assert (verdict.agreement.details, times) == (kept, refined)


@pytest.mark.parametrize(('details', 'confirmed'), [(0.29, False), (0.3, True)])
def test_what_agrees_hardly_is_not_refined(told, details, confirmed):
    verdict, times = told(dataclasses.replace(CERTAIN, details=details), CERTAIN)
    assert (verdict is not None) is bool(times) is confirmed


def test_evidence_is_told(verdict):
    assert verdict.evidence() == (
        '40 of 50 keypoints, details 0.95, blocks 0.90 of 100, overlap 100% and 50%'
    )
    by_hash = dataclasses.replace(verdict, inliers=0, matches=0)
    assert by_hash.evidence().startswith('hash, details')
