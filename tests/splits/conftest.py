"""Small rendered photographs, and what copying does to them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mmholdout.sample.scene import render


@pytest.fixture(scope='session')
def photos():
    """30 different pictures, uint8 BGR, 240 x 180 or so."""
    return [
        cv2.resize(render(np.random.default_rng([5, number])).image, None, fx=1.5, fy=1.5)
        for number in range(30)
    ]


@pytest.fixture(scope='session')
def changes():
    """Name -> what makes an altered copy, JPEG included."""

    def encoded(image, quality):
        data = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return cv2.imdecode(data, cv2.IMREAD_COLOR)

    def cropped(image, share):
        rows, columns = (round(side * share) for side in image.shape[:2])
        return image[rows // 3 : image.shape[0] - rows + rows // 3, columns - columns // 4 :]

    made = {
        're-encoded': lambda i: encoded(i, 50),
        'halved': lambda i: cv2.resize(i, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        'enlarged': lambda i: cv2.resize(i, None, fx=1.5, fy=1.5),
        'stretched': lambda i: cv2.resize(i, None, fx=0.75, fy=1.0, interpolation=cv2.INTER_AREA),
        'mirrored': lambda i: np.ascontiguousarray(i[:, ::-1]),
        'cropped 2 %': lambda i: cropped(i, 0.02),
        'cropped 5 %': lambda i: cropped(i, 0.05),
        'cropped 10 %': lambda i: cropped(i, 0.10),
        'brighter': lambda i: cv2.convertScaleAbs(i, alpha=1.2),
        'darker': lambda i: cv2.convertScaleAbs(i, alpha=0.8),
        'mirrored and cropped 10 %': lambda i: cropped(i[:, ::-1], 0.10),
    }
    return {
        name: lambda image, change=change: encoded(np.ascontiguousarray(change(image)), 90)
        for name, change in made.items()
    }


@pytest.fixture
def write(tmp_path):
    """Write pictures as PNG into a folder of their own; gives id -> path."""

    def write_images(folder, images):
        (tmp_path / folder).mkdir(exist_ok=True)
        paths = {name: tmp_path / folder / f'{name}.png' for name in images}
        for name, image in images.items():
            assert cv2.imwrite(str(paths[name]), image)
        return paths

    return write_images


@pytest.fixture(scope='session')
def digest_of():
    """An image digest with the given file and pixel digests, without hashes or words."""
    from mmholdout.splits.image_digests import ImageDigest

    def make(file='f', pixels='e', words=0):
        return ImageDigest(
            size=7,
            mtime_ns=11,
            file=(file * 64)[:64],
            pixels=(pixels * 64)[:64],
            hashes=np.arange(23, dtype=np.uint64),
            words=np.arange(words * 7, dtype=np.uint32).reshape(words, 7),
        )

    return make


@pytest.fixture(scope='session')
def verdict():
    """A verdict with round numbers."""
    from mmholdout.splits.alignment import Agreement
    from mmholdout.splits.confirm import Verdict

    found = Agreement(
        shapes=0.98, details=0.95, blocks=0.9, compared=100, first_covered=1.0, second_covered=0.5
    )
    return Verdict('cropped copy', found, inliers=40, matches=50, mirrored=False)


@pytest.fixture(scope='session')
def pair_of(verdict):
    """A near-duplicate pair by its splits and ids."""
    from mmholdout.splits.duplicate_report import NearDuplicate

    def make(first='a', second='b', **others):
        given = {
            'first_split': 'train',
            'first_path': f'{first}.png',
            'second_split': 'val',
            'second_path': f'{second}.png',
            'kind': verdict.kind,
            'verdict': verdict,
        }
        return NearDuplicate(first_id=first, second_id=second, **(given | others))

    return make
