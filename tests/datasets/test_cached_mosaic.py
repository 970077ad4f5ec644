import numpy as np
import pytest
import torch
from mmdet.datasets.transforms import CachedMosaic as StockMosaic
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets.cached_mosaic import CachedMosaic
from mmholdout.datasets.other_samples import OtherSamples
from mmholdout.datasets.sample_seed import seeded
from mmholdout.registry import TRANSFORMS


def sample(index, size=(40, 60)):
    rng = np.random.default_rng(index)
    corner = rng.uniform(0, 20, (index % 4, 2))
    boxes = np.concatenate([corner, corner + 15], 1).astype(np.float32)
    return {
        'img': rng.integers(0, 255, (*size, 3), dtype=np.uint8),
        'img_shape': size,
        'gt_bboxes': HorizontalBoxes(torch.from_numpy(boxes)),
        'gt_bboxes_labels': np.full(len(boxes), index),
        'gt_ignore_flags': np.zeros(len(boxes), bool),
    }


class Files:
    def __init__(self, length=50):
        self.length = length
        self.read = []

    def __len__(self):
        return self.length

    def get_data_info(self, index):
        self.read.append(index)
        return sample(index)


@pytest.fixture
def mosaic():
    transform = CachedMosaic(img_scale=(32, 32), max_cached_images=20, random_pop=False)
    transform.others = OtherSamples(Files())
    return transform


def same(one, other):
    return (
        np.array_equal(one['img'], other['img'])
        and torch.equal(one['gt_bboxes'].tensor, other['gt_bboxes'].tensor)
        and np.array_equal(one['gt_bboxes_labels'], other['gt_bboxes_labels'])
    )


def test_stock_configs_get_it():
    assert type(TRANSFORMS.build(dict(type='CachedMosaic', img_scale=(8, 8)))) is CachedMosaic


def test_the_result_depends_on_the_seed_and_not_on_what_came_before(mosaic):
    def make(seed):
        with seeded(seed):
            return mosaic.transform(sample(3))

    first = make(1)
    for seed in range(30):
        make(seed)
    assert same(make(1), first)
    assert not same(make(2), first)


def test_the_composition_is_mmdets(mosaic):
    """Its own class, with the same three others in its cache, gives the same image and boxes."""
    with seeded(7):
        composed = mosaic.transform(sample(3))
        others = mosaic.others.dataset.read
    assert len(others) == 3

    class Stock(StockMosaic):
        def get_indexes(self, cache):
            return [0, 1, 2]

    stock = Stock(img_scale=(32, 32))
    stock.results_cache = [*(sample(i) for i in others), None]
    with seeded(7):
        np.random.uniform(0, 1)
        [np.random.randint(50) for _ in range(3)]
        expected = stock.transform(sample(3))
    assert same(composed, expected)
    assert composed['img'].shape == (64, 64, 3)


def test_others_are_any_of_the_data_set_and_equally_frequent(mosaic):
    with seeded(0):
        for _ in range(1000):
            mosaic.transform(sample(1))
    counts = np.bincount(mosaic.others.dataset.read, minlength=50)
    assert ((counts - 60) ** 2 / 60).sum() < 85.4  # 99.9 % of 49 degrees of freedom


def test_the_share_that_is_composed():
    half = CachedMosaic(img_scale=(32, 32), prob=0.5)
    half.others = OtherSamples(Files())
    with seeded(0):
        composed = sum(half.transform(sample(1))['img'].shape[0] == 64 for _ in range(400))
    assert 160 < composed < 240
    assert len(half.others.dataset.read) == 3 * composed  # nothing is read for the others


def test_it_keeps_nothing(mosaic):
    mosaic.transform(sample(1))
    assert mosaic.results_cache == mosaic._composer.results_cache == []


def test_arguments_are_checked_as_by_mmdet():
    with pytest.raises(AssertionError, match='cache'):
        CachedMosaic(max_cached_images=3)


def test_boxes_may_come_as_arrays(mosaic):
    class Arrays(Files):
        def get_data_info(self, index):
            return {**sample(0), 'gt_bboxes': np.zeros((0, 4), np.float32)}

    mosaic.others = OtherSamples(Arrays())
    assert len(mosaic.transform(sample(0))['gt_bboxes']) == 0
