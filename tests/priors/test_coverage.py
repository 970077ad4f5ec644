import numpy as np
import pytest

from mmholdout.priors.coverage import ENOUGH, Boxes, ClassFit, Threshold, coverage
from mmholdout.priors.level import Level

SQUARES = [Level(np.array([[-8.0, -8, 8, 8], [-4, -8, 4, 8]]), (16.0, 16.0))]  # cells at 0, 16, ...


def test_share_overlap_and_median_of_each_class(make_boxes):
    boxes = make_boxes({'a': [(16, 16), (16, 16), (2, 2), (16, 8)], 'none': [], 'b': [(8, 16)]})
    a, none, b = coverage(boxes, SQUARES, Threshold(0.5))
    assert (a.name, a.boxes, a.share, a.size) == ('a', 4, 0.75, (16.0, 12.0))
    assert a.mean_iou == pytest.approx((1 + 1 + 4 / 128 + 0.5) / 4)
    assert (a.prior, a.stride, a.prior_iou) == ((16.0, 16.0), 16.0, 0.75)
    assert none == ClassFit('none', 0)
    assert (b.share, b.mean_iou, b.prior) == (1.0, 1.0, (8.0, 16.0))
    assert [f.fits for f in (a, none, b)] == [False, True, True]


def test_reaching_it_is_not_exceeding_it(make_boxes):
    boxes = make_boxes({'a': [(16, 8)]})  # IoU 0.5 with the square
    assert coverage(boxes, SQUARES[:1], Threshold(0.5))[0].share == 1
    assert coverage(boxes, SQUARES[:1], Threshold(0.5, above=True))[0].share == 0


def test_priors_beyond_the_border_do_not_count(make_boxes):
    boxes = make_boxes({'a': [(16, 16)]}, at=(0.0, 0.0))
    assert coverage(boxes, SQUARES, Threshold(0.5))[0].share == 1
    assert coverage(boxes, SQUARES, Threshold(0.5, border=0))[0].share == 0
    assert coverage(boxes, SQUARES, Threshold(0.5, border=8))[0].share == 1


def test_the_threshold_in_words():
    assert str(Threshold(0.5)) == 'IoU >= 0.5'
    assert str(Threshold(0.7, above=True)) == 'IoU > 0.7'


@pytest.mark.parametrize(('share', 'fits'), [(ENOUGH, True), (ENOUGH - 1e-9, False), (0.0, False)])
def test_enough_is_80_percent(share, fits):
    assert ClassFit('a', 10, share).fits is fits


def test_take_keeps_a_box_with_its_frame():
    boxes = Boxes(
        np.arange(12.0).reshape(3, 4),
        np.array([0, 1, 0]),
        np.array([[1, 2], [3, 4], [5, 6]]),
        np.array([[7, 8], [9, 10], [11, 12]]),
        ('a', 'b'),
    )
    one = boxes.take(np.array([1]))
    assert one.labels.tolist() == [1] and one.bboxes.tolist() == [[4, 5, 6, 7]]
    assert (one.images.tolist(), one.padded.tolist()) == ([[3, 4]], [[9, 10]])


@pytest.mark.parametrize(
    ('boxes', 'share', 'surely'),
    [
        (13, 10 / 13, False),  # upper end .918
        (209, 0.031, True),
        (17, 0.53, True),  # upper end .738
        (20, 0.65, False),  # upper end .819
        (1000, 0.78, False),  # upper end .8045
        (1000, 0.77, True),  # upper end .7950
        (1, 0.0, True),  # upper end .793
        (1000, 0.9, False),
        (5, 1.0, False),
    ],
)
def test_a_few_boxes_do_not_raise_an_alarm(boxes, share, surely):
    assert ClassFit('a', boxes, share, 0.5, (9.0, 9.0), (9.0, 9.0), 8.0, 0.5).surely_unfit is surely


def test_a_class_without_boxes_is_not_unfit():
    assert not ClassFit('a', 0).surely_unfit
