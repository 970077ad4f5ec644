"""Boxes land where they belong, and no name, box or score can break the drawing."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.report.draw import class_colour, draw_detections

CLASSES = ('dog', 'cat', 'chien à poil', '红绿灯', 'a\x1b[31m\nb', '', 'x' * 300)


def _image(height=200, width=300, value=90):
    return np.full((height, width, 3), value, np.uint8)


def _draw(boxes, labels=None, scores=None, image=None, **options):
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    labels = np.zeros(len(boxes), np.int64) if labels is None else np.asarray(labels)
    scores = np.full(len(boxes), 0.9, np.float32) if scores is None else np.asarray(scores)
    image = _image() if image is None else image
    return draw_detections(image, boxes, labels, scores, CLASSES, **options)


def test_the_given_image_is_not_touched():
    image = _image()
    drawn = _draw([[50, 60, 150, 160]], image=image)
    assert (image == 90).all()
    assert drawn.shape == image.shape
    assert drawn.dtype == np.uint8
    assert (drawn != 90).any()


def test_no_detections_leave_the_image_as_it_is():
    assert (_draw([]) == _image()).all()


def test_the_box_is_drawn_on_its_edges_in_the_colour_of_its_class():
    drawn = _draw([[50, 60, 150, 160]], labels=[1])
    colour = class_colour(1)
    for x, y in ((50, 110), (150, 110), (100, 60), (100, 160), (50, 160), (150, 160)):
        assert tuple(drawn[y, x]) == colour
    assert (drawn[100:140, 70:130] == 90).all()  # the inside stays visible
    assert (drawn[170:] == 90).all()


def test_a_caption_stands_above_the_box():
    drawn = _draw([[50, 60, 150, 160]])
    assert (drawn[40:59, 50:100] != 90).any()


@pytest.mark.parametrize(
    ('score', 'threshold', 'visible'),
    [(0.5, 0.5, True), (0.49, 0.5, False), (0.0, 0.0, True), (float('nan'), 0.0, False)],
)
def test_only_scores_from_the_threshold_upwards(score, threshold, visible):
    drawn = _draw([[50, 60, 150, 160]], scores=[score], score_thr=threshold)
    assert (drawn != 90).any() == visible


def test_the_surest_lies_on_top_whatever_the_order():
    boxes = [[50, 60, 150, 160]] * 2
    one = _draw(boxes, labels=[0, 1], scores=[0.9, 0.4])
    other = _draw(boxes, labels=[1, 0], scores=[0.4, 0.9])
    assert (one == other).all()
    assert tuple(one[110, 50]) == class_colour(0)


@pytest.mark.parametrize(
    'box',
    [
        [-50, -60, 400, 300],
        [290, 190, 500, 500],
        [10, 0, 20, 5],
        [5, 5, 5, 5],
        [-1e9, -1e9, 1e9, 1e9],
        [299, 199, 299, 199],
        [10.4, 10.6, 80.5, 70.1],
    ],
)
def test_boxes_at_and_beyond_the_border_are_clipped(box):
    assert (_draw([box]) != 90).any()


@pytest.mark.parametrize(
    'box',
    [
        [400, 10, 500, 90],
        [-90, 10, -10, 90],
        [80, 80, 20, 20],
        [float('nan'), 0, 10, 10],
        [0, 0, float('inf'), 10],
    ],
)
def test_what_is_no_box_in_the_image_is_left_out(box):
    assert (_draw([box]) == 90).all()


@pytest.mark.parametrize('label', [*range(len(CLASSES)), len(CLASSES), 10**6, -1])
def test_any_label_and_any_name_is_drawn(label):
    assert (_draw([[50, 60, 150, 160]], labels=[label]) != 90).any()


@settings(max_examples=50, deadline=None)
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    name=st.text(st.characters(exclude_categories=()), max_size=30),
    box=st.lists(st.floats(width=32), min_size=4, max_size=4),
)
def test_no_image_name_or_box_breaks_it(height, width, name, box):
    image = _image(height, width)
    arrays = np.array([box], np.float32), np.array([0]), np.array([0.9])
    first = draw_detections(image, *arrays, [name])
    assert first.shape == image.shape
    assert (first == draw_detections(image, *arrays, [name])).all()


@pytest.mark.parametrize(
    ('label', 'shown'),
    [
        (0, 'dog'),
        (2, 'chien a poil'),
        (3, 'class 3'),
        (4, 'class 4'),
        (5, 'class 5'),
        (6, 'x' * 21 + '...'),
        (7, 'class 7'),
    ],
)
def test_a_name_that_the_font_lacks_is_shown_as_its_number(label, shown):
    arrays = np.array([[5, 60, 150, 160]]), np.array([label]), np.array([0.9])
    plain = draw_detections(_image(), *arrays, [shown] * 8)
    assert (_draw([[5, 60, 150, 160]], labels=[label]) == plain).all()


def test_an_empty_image_stays_empty():
    assert _draw([[0, 0, 5, 5]], image=_image(0, 0)).shape == (0, 0, 3)


@pytest.mark.parametrize(
    'image',
    [np.zeros((5, 5), np.uint8), np.zeros((5, 5, 4), np.uint8), np.zeros((5, 5, 3), np.float32)],
)
def test_another_kind_of_image_is_refused(image):
    with pytest.raises(ValueError, match='uint8'):
        _draw([[0, 0, 3, 3]], image=image)


def test_arrays_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match='1 bboxes, 2 labels, 1 scores'):
        _draw([[0, 0, 3, 3]], labels=[0, 1])


def test_colours_of_twenty_classes_are_told_apart():
    colours = [np.array(class_colour(label), float) for label in range(20)]
    nearest = min(np.abs(a - b).sum() for a, b in itertools.combinations(colours, 2))
    assert nearest >= 25
    assert class_colour(3) == class_colour(3)
