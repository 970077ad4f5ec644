import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmholdout.priors.best_prior import centred_iou
from mmholdout.priors.kmeans import iou_kmeans, ratio_kmeans


def blobs(*centres, each=50):
    random = np.random.default_rng(1)
    return np.concatenate([np.array(c) * random.uniform(0.95, 1.05, (each, 2)) for c in centres])


def test_it_finds_the_groups():
    sizes = blobs((10, 30), (100, 20), (80, 90), (12, 11))
    got = iou_kmeans(sizes, 4, np.ones(len(sizes)))
    np.testing.assert_allclose(got, [(12, 11), (10, 30), (100, 20), (80, 90)], rtol=0.03)


def test_weights_choose_among_groups():
    groups = blobs((10, 10), (11, 11), (100, 100))
    rare = np.repeat([1.0, 1.0, 1e-6], 50)  # two clusters for the two that count
    assert iou_kmeans(groups, 2, rare).max() < 100


def test_the_same_each_time_and_sorted_by_area():
    sizes = np.random.default_rng(3).uniform(5, 100, (300, 2))
    first, second = (iou_kmeans(sizes, 7, np.ones(300)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (np.diff(first.prod(axis=1)) >= 0).all()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(1, 300), st.floats(1, 300)), min_size=1, max_size=30),
    st.integers(1, 8),
)
def test_never_worse_than_one_mean_and_inside_the_data(sizes, k):
    boxes = np.array(sizes)
    got = iou_kmeans(boxes, k, np.ones(len(boxes)))
    assert got.shape == (k, 2) and np.isfinite(got).all()
    slack = 1e-9 * boxes.max()
    assert (got >= boxes.min(axis=0) - slack).all() and (got <= boxes.max(axis=0) + slack).all()
    if k >= len(np.unique(boxes, axis=0)):
        assert centred_iou(boxes, got).max(axis=1) == pytest.approx(np.ones(len(boxes)))


def test_ratios():
    ratios = np.array([1.0, 1.1, 0.9, 4.0, 4.4, 3.6])
    got = ratio_kmeans(ratios, 2, np.ones(6))
    np.testing.assert_allclose(got, [np.exp(np.log(r).mean()) for r in (ratios[:3], ratios[3:])])
    assert ratio_kmeans(ratios, 0, np.ones(6)).shape == (0,)
    assert ratio_kmeans(np.array([2.0]), 3, np.ones(1)) == pytest.approx([2, 2, 2])
