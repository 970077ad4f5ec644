"""Against mmdet's own transforms, run on empty images."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout import registry  # noqa: F401  (makes mmdet importable)
from mmholdout.priors.frames import Frames

sides = st.integers(8, 300)
scales = st.tuples(st.integers(16, 200), st.integers(16, 200))
BOX = np.array([[0.1, 0.2, 0.7, 1.0]])


def by_mmdet(steps, width, height):
    from mmdet.structures.bbox import HorizontalBoxes

    from mmholdout.registry import TRANSFORMS

    results = {
        'img': np.zeros((height, width, 3), np.uint8),
        'img_shape': (height, width),
        'gt_bboxes': HorizontalBoxes(box_of(width, height).astype(np.float32)),
    }
    for step in steps:
        results = TRANSFORMS.build(dict(step))(results)
    return results


def box_of(width, height):
    return BOX * np.array([width, height, width, height])


def agree(frames, results, width, height):
    assert tuple(frames.image[0]) == results['img'].shape[1::-1]
    got = frames.boxes(box_of(width, height), np.array([0]))
    np.testing.assert_allclose(got, results['gt_bboxes'].tensor.numpy(), rtol=1e-5, atol=1e-4)


@settings(max_examples=60)
@given(sides, sides, scales, st.booleans())
def test_resize_to_a_scale(width, height, scale, keep_ratio):
    frames = Frames.of(np.array([[width, height]])).resized(scale, keep_ratio=keep_ratio)
    step = {'type': 'mmdet.Resize', 'scale': scale, 'keep_ratio': keep_ratio}
    agree(frames, by_mmdet([step], width, height), width, height)


@settings(max_examples=40)
@given(sides, sides, st.floats(0.3, 2.5), st.floats(0.3, 2.5), st.booleans())
def test_resize_by_a_factor(width, height, across, down, keep_ratio):
    frames = Frames.of(np.array([[width, height]])).scaled((across, down), keep_ratio=keep_ratio)
    step = {'type': 'mmdet.Resize', 'scale_factor': (across, down), 'keep_ratio': keep_ratio}
    agree(frames, by_mmdet([step], width, height), width, height)


@pytest.mark.parametrize(
    'pad',
    [{'size': (100, 60)}, {'size_divisor': 32}, {'pad_to_square': True, 'size_divisor': 16}],
)
@pytest.mark.parametrize('size', [(90, 50), (64, 96), (120, 33)])
def test_pad_and_resize_after_it(pad, size):
    steps = [{'type': 'mmdet.Pad', **pad}, {'type': 'mmdet.Resize', 'scale': (80, 40)}]
    frames = Frames.of(np.array([size])).padded(
        pad.get('size'), pad.get('size_divisor'), square=pad.get('pad_to_square', False)
    )
    agree(frames, by_mmdet(steps[:1], *size), *size)
    agree(frames.resized((80, 40), keep_ratio=False), by_mmdet(steps, *size), *size)


def test_many_images_at_once_each_by_its_own_size():
    frames = Frames.of(np.array([[640, 480], [480, 640], [100, 100]]))
    wide = frames.resized((1333, 800), keep_ratio=True).padded(divisor=32)
    assert wide.image.tolist() == [[1088, 800], [800, 1088], [800, 800]]
    boxes = wide.boxes(np.array([[0, 0, 50, 50], [0, 0, 640, 480.0]]), np.array([2, 0]))
    np.testing.assert_allclose(boxes, [[0, 0, 400, 400], [0, 0, 1067, 800]])


def test_no_images():
    frames = Frames.of(np.zeros((0, 2), dtype=np.int64)).resized((10, 10), keep_ratio=True)
    assert frames.image.shape == (0, 2)
