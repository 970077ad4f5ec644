from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmholdout.errors import DataError
from mmholdout.metrics.bootstrap import Draws
from mmholdout.metrics.bootstrap_fast import mean_over_present, replicate_aps
from mmholdout.metrics.bootstrap_order import BootstrapOrder, bootstrap_order
from mmholdout.metrics.paired_bootstrap import paired_bootstrap
from mmholdout.metrics.voc import evaluate_voc


@pytest.fixture
def orders(make_scene) -> tuple[BootstrapOrder, BootstrapOrder]:
    """Good predictions, and the same with boxes moved by some pixels."""
    found, truth, _ = make_scene(2, images=60, grid=None, score_levels=None)
    moved = [type(item)(item.bboxes + 3, item.scores, item.labels) for item in found]
    return tuple(
        bootstrap_order(evaluate_voc(dets, truth, ['a', 'b']).judged) for dets in (found, moved)
    )


def test_clearly_better_and_clearly_worse(orders) -> None:
    good, bad = orders
    better, worse = paired_bootstrap(good, bad), paired_bootstrap(bad, good)
    assert better.p_better > 0.99 and better.low > 0
    assert worse.p_better == pytest.approx(1 - better.p_better)
    assert (worse.low, worse.high) == pytest.approx((-better.high, -better.low))


def test_the_same_predictions_are_as_good_as_themselves(orders) -> None:
    same = paired_bootstrap(orders[0], orders[0], 50)
    assert (same.p_better, same.low, same.high) == (0.5, 0.0, 0.0)


def test_both_are_drawn_alike(orders) -> None:
    first, second = (
        mean_over_present(replicate_aps(order, Draws(60, 80, 4), '11points')) for order in orders
    )
    got = paired_bootstrap(*orders, replicates=80, seed=4, curve='11points')
    assert got.p_better == (first > second).mean()
    assert (got.low, got.high) == tuple(np.quantile(first - second, [0.025, 0.975]))


def test_other_images_or_objects_cannot_be_compared(orders) -> None:
    first, second = orders
    with pytest.raises(DataError, match='60 images of 2 classes cannot be compared with 61'):
        paired_bootstrap(first, replace(second, num_images=61))
    with pytest.raises(DataError, match='the objects on the images differ'):
        paired_bootstrap(first, replace(second, object_image=second.object_image[::-1]))
    with pytest.raises(DataError, match='the objects on the images differ'):
        paired_bootstrap(first, replace(second, object_labels=second.object_labels[1:]))


def test_images_without_any_object(orders) -> None:
    nothing = np.zeros(0, dtype=np.int32)
    bare = [replace(order, object_image=nothing, object_labels=nothing) for order in orders]
    with pytest.raises(DataError, match='nothing can be compared'):
        paired_bootstrap(*bare, replicates=5)
