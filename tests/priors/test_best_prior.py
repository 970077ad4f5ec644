"""The nearest cell is the best one: against every prior of the real generators."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmholdout.metrics.boxes import iou_matrix
from mmholdout.priors.best_prior import best_iou, centred_iou

KINDS = ['ssd', 'ssd300', 'yolo', 'retina', 'rpn']


@st.composite
def image_and_boxes(draw):
    image = np.array([draw(st.integers(33, 320)), draw(st.integers(33, 320))])
    padded = -(-image // 32) * 32 if draw(st.booleans()) else image
    unit = st.floats(0, 1, width=32)
    corners = draw(st.lists(st.tuples(unit, unit, unit, unit), min_size=1, max_size=8))
    low = np.array([c[:2] for c in corners]) * (image - 2)
    high = low + 1 + np.array([c[2:] for c in corners]) * (image - low - 1)
    return image, padded, np.concatenate([low, high], axis=1)


def spread(frame, boxes):
    return np.broadcast_to(frame, (len(boxes), 2))


@pytest.mark.parametrize('kind', KINDS)
@settings(max_examples=40)
@given(image_and_boxes())
def test_equal_to_brute_force(generators, levels, all_priors, kind, drawn):
    image, padded, boxes = drawn
    everything = np.concatenate(all_priors(generators[kind], padded))
    expected = iou_matrix(boxes, everything).max(axis=1)
    got = best_iou(boxes, spread(image, boxes), spread(padded, boxes), levels[kind])
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)  # mmdet's are float32


@pytest.mark.parametrize('border', [0, 7])
@pytest.mark.parametrize('kind', KINDS)
@settings(max_examples=20)
@given(image_and_boxes())
def test_equal_to_brute_force_within_a_border(generators, levels, all_priors, kind, border, drawn):
    import torch
    from mmdet.models.task_modules.prior_generators import anchor_inside_flags

    image, padded, boxes = drawn
    everything = np.concatenate(all_priors(generators[kind], padded))
    sides = np.concatenate([everything[:, :2] + border, image + border - everything[:, 2:]])
    assume(((sides == 0) | (np.abs(sides) > 1e-3)).all())  # else rounding to float32 decides
    valid = torch.ones(len(everything), dtype=torch.bool)
    inside = anchor_inside_flags(
        torch.from_numpy(everything), valid, (image[1], image[0]), allowed_border=border
    ).numpy()
    expected = iou_matrix(boxes, everything[inside]).max(axis=1, initial=0.0)
    got = best_iou(boxes, spread(image, boxes), spread(padded, boxes), levels[kind], border)
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)


@settings(max_examples=40)
@given(image_and_boxes())
def test_yolo_responsible_cells_hold_the_best_prior(generators, levels, all_priors, drawn):
    """GridAssigner looks at the cells of the objects' centres alone; that loses nothing."""
    import torch
    from mmdet.models.dense_heads import YOLOV3Head

    image, padded, boxes = drawn
    generator = generators['yolo']
    sizes = [(-(-padded[1] // s[1]), -(-padded[0] // s[0])) for s in generator.strides]
    head = SimpleNamespace(prior_generator=generator, num_levels=generator.num_levels)
    got = best_iou(boxes, spread(image, boxes), spread(padded, boxes), levels['yolo'])
    for box, best in zip(boxes, got):
        one = torch.from_numpy(box[None])
        flags = torch.cat(YOLOV3Head.responsible_flags(head, sizes, one, 'cpu')).bool().numpy()
        mine = np.concatenate(all_priors(generator, padded))[flags]
        np.testing.assert_allclose(best, iou_matrix(one, mine).max(), rtol=1e-4, atol=1e-6)


def test_boxes_of_images_of_several_sizes_are_clamped_to_their_own_grid(levels):
    box = np.array([[80.0, 40.0, 96.0, 56.0]])
    small, large = np.array([[64, 64]]), np.array([[96, 96]])
    boxes, frames = np.tile(box, (2, 1)), np.concatenate([small, large])
    both = best_iou(boxes, frames, frames, levels['ssd'])
    alone = [best_iou(box, f, f, levels['ssd'])[0] for f in (small, large)]
    np.testing.assert_array_equal(both, alone)
    assert both[0] < both[1]  # the smaller image has no cell there


def test_no_boxes(levels):
    none = np.zeros((0, 2), dtype=np.int64)
    assert best_iou(np.zeros((0, 4)), none, none, levels['ssd']).shape == (0,)


def test_40000_boxes_and_8732_priors_take_about_a_second_at_most(levels):
    random = np.random.default_rng(0)
    low = random.uniform(0, 200, (40_000, 2))
    boxes = np.concatenate([low, low + random.uniform(4, 100, low.shape)], axis=1)
    frame = spread(np.array([300, 300]), boxes)
    start = time.process_time()
    best_iou(boxes, frame, frame, levels['ssd300'])
    assert time.process_time() - start < 2  # 0.4 s on a quiet core; brute force: minutes


def test_centred_iou_is_iou_on_one_centre():
    sizes, shapes = np.array([[10.0, 20.0], [4, 4]]), np.array([[20.0, 10.0], [8, 8], [10, 20]])

    def boxes(s):
        return np.concatenate([-s / 2, s / 2], axis=1)

    expected = iou_matrix(boxes(sizes), boxes(shapes))
    np.testing.assert_allclose(centred_iou(sizes, shapes), expected)
