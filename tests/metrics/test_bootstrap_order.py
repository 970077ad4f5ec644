from __future__ import annotations

import numpy as np

from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_fast import replicate_aps
from mmholdout.metrics.bootstrap_order import BootstrapOrder, bootstrap_order
from mmholdout.metrics.judged_images import JudgedImages
from mmholdout.metrics.voc import evaluate_voc


def judged(rows, objects=((0, 0),), images=3, classes=2) -> JudgedImages:
    """Rows of image, label, score, right."""
    image, labels, scores, right = (np.array(column) for column in zip(*rows))
    where, what = (np.array(column) for column in zip(*objects))
    return JudgedImages(image, labels, scores, right.astype(bool), where, what, images, classes)


def test_what_is_scored_below_the_last_right_one_is_dropped() -> None:
    order = bootstrap_order(
        judged([(0, 0, 0.9, 0), (1, 0, 0.8, 1), (2, 0, 0.7, 0), (0, 1, 0.9, 0), (0, 1, 0.8, 0)])
    )
    assert order.image.tolist() == [0, 1]
    assert order.bounds.tolist() == [0, 2, 2]
    assert order.tied.tolist() == []


def test_ties_of_right_and_wrong_in_one_image_are_kept_whole() -> None:
    order = bootstrap_order(
        judged([(0, 0, 0.9, 1), (0, 0, 0.9, 0), (1, 0, 0.9, 0), (1, 0, 0.9, 0), (2, 1, 0.3, 1)])
    )
    assert order.image.tolist() == [0, 0, 2]
    assert order.tied.tolist() == [0, 1]
    assert order.tie[0] == order.tie[1]


def test_ties_of_one_verdict_or_of_several_images_need_no_care() -> None:
    order = bootstrap_order(
        judged([(0, 0, 0.9, 1), (0, 0, 0.9, 1), (1, 0, 0.5, 0), (2, 0, 0.5, 1), (0, 1, 0.5, 1)])
    )
    assert len(order) == 5
    assert order.tied.tolist() == []


def test_without_detections() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    empty = JudgedImages(
        nothing, nothing, nothing, nothing.astype(bool), np.array([1]), np.array([0]), 2, 2
    )
    order = bootstrap_order(empty)
    assert len(order) == 0
    aps = replicate_aps(order, Draws(2, 20))
    assert set(aps[0][~np.isnan(aps[0])]) == {0.0}
    assert np.isnan(aps[1]).all()


def test_one_class_alone_and_a_stored_one_give_the_same(make_scene) -> None:
    scene = make_scene(4, images=12, classes=3, score_levels=3)
    order = bootstrap_order(evaluate_voc(scene[0], scene[1], ['a', 'b', 'c']).judged)
    assert len(order.tied)
    draws = Draws(12, 30)
    aps = replicate_aps(order, draws)
    again = BootstrapOrder.from_state(order.state())
    np.testing.assert_array_equal(replicate_aps(again, draws), aps)
    for label in range(3):
        np.testing.assert_array_equal(replicate_aps(order.of_class(label), draws)[0], aps[label])
