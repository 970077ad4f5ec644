"""Against mmdet's steps on a plane that is really made; the order of colours and fill counts."""

import cv2
import numpy as np
import pytest

from mmholdout.datasets import affine_warp
from mmholdout.datasets.colour_jitter import Jitter, JitterRange, apply_jitter
from mmholdout.datasets.ssd_chain import Chain
from mmholdout.datasets.ssd_geometry import Geometry
from mmholdout.datasets.ssd_output import render

SIZE = (40, 30)
PAINT = np.array([103.0, 116.0, 123.0], np.float32)
JITTER = Jitter(True, 20.0, 1.3, 0.7, 12.0, (2, 0, 1))
RANGE = JitterRange(32, (0.5, 1.5), (0.5, 1.5), 18)


def picture():
    ramp = np.linspace(30, 200, 80, dtype=np.float32)
    image = np.stack(
        [np.tile(ramp, (60, 1)), np.tile(ramp[::-1], (60, 1)), np.full((60, 80), 90)], 2
    )
    return image.astype(np.uint8)


def chain(*order):
    painted_late = 'expand' in order and 'colour' in order[: order.index('expand')]
    return Chain(
        order=order,
        size=SIZE,
        clip=True,
        colour=RANGE if 'colour' in order else None,
        expand=(1, 4, 0.5) if 'expand' in order else None,
        crop=None,
        flip=None,
        fill=(PAINT + 0.25 * painted_late) if 'expand' in order else None,
    )


def geometry(window, flip=None):
    moved = Geometry(np.zeros((0, 4), np.float32), (80, 60))
    moved.window, moved.size, moved.flip = window, SIZE, flip
    return moved


def coloured(image):
    return apply_jitter(image.astype(np.float32), JITTER)[..., JITTER.order]


def step_by_step(order, window, fill):
    """As mmdet does it: each step on the whole."""
    image = picture()
    for part in order:
        if part == 'colour':
            image = coloured(image)
        elif part == 'expand':
            plane = np.full((360, 480, 3), fill, image.dtype)
            plane[150:210, 200:280] = image
            x1, y1, x2, y2 = (a + b for a, b in zip(window, (200, 150, 200, 150)))
            image = plane[y1:y2, x1:x2]
        elif part == 'crop':
            image = image[window[1] : window[3], window[0] : window[2]]
        elif part == 'resize':
            image = cv2.resize(np.ascontiguousarray(image), SIZE)
    return image


@pytest.mark.parametrize(
    'order',
    [
        ('colour', 'expand', 'resize'),
        ('expand', 'colour', 'resize'),
        ('expand', 'resize', 'colour'),
        ('expand', 'resize'),
        ('colour', 'crop', 'resize'),
        ('crop', 'resize', 'colour'),
        ('crop', 'resize'),
    ],
    ids='-'.join,
)
@pytest.mark.parametrize('colour_first', [4.0, 0.0])
def test_the_order_of_the_chain_counts(monkeypatch, order, colour_first):
    monkeypatch.setattr(affine_warp, 'COLOUR_FIRST', colour_first)
    window = (-70, -40, 130, 80) if 'expand' in order else (10, 5, 71, 52)
    made = chain(*order)
    jitter = JITTER if 'colour' in order else Jitter()
    found = render(picture(), jitter, geometry(window), made)
    expected = step_by_step(order, window, made.fill)
    assert found.dtype == expected.dtype
    # Without it, where two channels cross; or where a whole number may be rounded either way.
    atol = (0.01 if colour_first else 1.2) if 'colour' in order[:2] else 2.0
    np.testing.assert_allclose(found.astype(float), expected.astype(float), atol=atol)


@pytest.mark.parametrize(
    ('flip', 'turn'),
    [
        ('horizontal', np.s_[:, ::-1]),
        ('vertical', np.s_[::-1]),
        ('diagonal', np.s_[::-1, ::-1]),
    ],
)
@pytest.mark.parametrize('window', [(10, 5, 71, 52), (-70, -40, 100, 80)])
def test_flips_move_the_fill_along(flip, turn, window):
    made = chain('colour', 'expand', 'resize', 'flip')
    straight = render(picture(), JITTER, geometry(window), made)
    flipped = render(picture(), JITTER, geometry(window, flip), made)
    np.testing.assert_array_equal(flipped, straight[turn])


def test_it_is_laid_out_by_channel():
    found = render(picture(), Jitter(), geometry((0, 0, 80, 60)), chain('colour', 'resize'))
    assert found.shape == (30, 40, 3) and found.transpose(2, 0, 1).flags.c_contiguous
