import numpy as np
import pytest
from mmdet.datasets.transforms import RandomFlip

from mmholdout.datasets.sample_seed import seeded
from mmholdout.datasets.ssd_geometry import FlipChoice, Geometry

BBOXES = np.array([[10, 20, 50, 60], [100, 5, 160, 95]], np.float32)


def geometry():
    return Geometry(BBOXES.copy(), (200, 100))


def test_boxes_stay_on_their_pixels():
    """From the output back to the source, by window and size alone."""
    for seed in range(50):
        with seeded(seed):
            moved = geometry()
            moved.expand(1, 4, 0.5)
            moved.crop((1, 0.1, 0), 0.3, clip=False)
            moved.resize((300, 150), clip=False)
            moved.turn(FlipChoice(['horizontal', 'vertical', 'diagonal'], 0.75))
        boxes = moved.bboxes.astype(float).reshape(-1, 2, 2)
        if moved.flip in ('horizontal', 'diagonal'):
            boxes[..., 0] = 300 - boxes[:, ::-1, 0]
        if moved.flip in ('vertical', 'diagonal'):
            boxes[..., 1] = 150 - boxes[:, ::-1, 1]
        x1, y1, x2, y2 = moved.window
        back = boxes * [(x2 - x1) / 300, (y2 - y1) / 150] + [x1, y1]
        kept = slice(None) if moved.kept is None else moved.kept
        np.testing.assert_allclose(back.reshape(-1, 4), BBOXES[kept], atol=1e-3)


def test_expand_contains_the_image():
    for seed in range(50):
        with seeded(seed):
            moved = geometry()
            moved.expand(1, 4, 1.0)
        x1, y1, x2, y2 = moved.window
        assert x1 <= 0 and y1 <= 0 and x2 >= 199 and y2 >= 99
        assert moved.size == (x2 - x1, y2 - y1)
        assert moved.source == (200, 100)
        np.testing.assert_array_equal(moved.bboxes, BBOXES - [x1, y1, x1, y1])


def test_boxes_are_clipped_to_the_output():
    moved = Geometry(np.array([[-10, -20, 500, 300]], np.float32), (200, 100))
    moved.resize((50, 40), clip=True)
    assert moved.bboxes.tolist() == [[0, 0, 50, 40]]
    assert moved.scale_factor == (0.25, 0.4)


@pytest.mark.parametrize(
    ('flip', 'expected'),
    [
        ('horizontal', [150, 20, 190, 60]),
        ('vertical', [10, 40, 50, 80]),
        ('diagonal', [150, 40, 190, 80]),
        (None, [10, 20, 50, 60]),
    ],
)
def test_flips(flip, expected):
    moved = Geometry(BBOXES[:1].copy(), (200, 100))
    moved.turn(FlipChoice([flip] if flip else ['vertical'], 1.0 if flip else 0.0))
    assert moved.flip == flip
    assert moved.bboxes.tolist() == [expected]


@pytest.mark.parametrize(
    ('direction', 'prob'),
    [
        ('horizontal', 0.5),
        (['horizontal', 'vertical', 'diagonal'], 0.75),
        (['horizontal', 'vertical'], [0.2, 0.3]),
        ('vertical', 0.0),
        ('vertical', 1.0),
    ],
)
def test_directions_are_mmdets_from_the_same_draws(direction, prob):
    theirs, ours = RandomFlip(prob=prob, direction=direction), FlipChoice(direction, prob)
    with seeded(3):
        expected = [theirs._choose_direction() for _ in range(500)]
    with seeded(3):
        assert [ours.draw() for _ in range(500)] == expected
