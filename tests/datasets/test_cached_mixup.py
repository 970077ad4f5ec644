import numpy as np
import pytest
import torch
from mmdet.datasets.transforms import CachedMixUp as StockMixUp
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets.cached_mixup import CachedMixUp
from mmholdout.datasets.other_samples import OtherSamples
from mmholdout.datasets.sample_seed import seeded
from mmholdout.registry import TRANSFORMS


def sample(index):
    rng = np.random.default_rng(index)
    corner = rng.uniform(0, 20, (index % 3, 2))
    boxes = np.concatenate([corner, corner + 15], 1).astype(np.float32)
    return {
        'img': rng.integers(0, 255, (48, 48, 3), dtype=np.uint8),
        'img_shape': (48, 48),
        'gt_bboxes': HorizontalBoxes(torch.from_numpy(boxes)),
        'gt_bboxes_labels': np.full(len(boxes), index),
        'gt_ignore_flags': np.zeros(len(boxes), bool),
    }


class Files:
    """One in three samples has no box."""

    def __init__(self, make=sample):
        self.make, self.read = make, []

    def __len__(self):
        return 30

    def get_data_info(self, index):
        self.read.append(index)
        return self.make(index)


@pytest.fixture
def mixup():
    transform = CachedMixUp(
        img_scale=(48, 48), ratio_range=(0.8, 1.2), max_cached_images=10, random_pop=False
    )
    transform.others = OtherSamples(Files())
    return transform


def same(one, other):
    return (
        np.array_equal(one['img'], other['img'])
        and torch.equal(one['gt_bboxes'].tensor, other['gt_bboxes'].tensor)
        and np.array_equal(one['gt_bboxes_labels'], other['gt_bboxes_labels'])
    )


def test_stock_configs_get_it():
    assert type(TRANSFORMS.build(dict(type='CachedMixUp', img_scale=(8, 8)))) is CachedMixUp


def test_the_result_depends_on_the_seed_and_not_on_what_came_before(mixup):
    def make(seed):
        with seeded(seed):
            return mixup.transform(sample(2))

    first = make(1)
    for seed in range(30):
        make(seed)
    assert same(make(1), first)
    assert not same(make(2), first)
    assert mixup.results_cache == mixup._composer.results_cache == []


def test_the_composition_is_mmdets(mixup):
    with seeded(3):
        mixed = mixup.transform(sample(2))
    (*without_box, other) = mixup.others.dataset.read
    assert other % 3 and not any(index % 3 for index in without_box)

    class Stock(StockMixUp):
        def get_indexes(self, cache):
            return 0

    stock = Stock(img_scale=(48, 48), ratio_range=(0.8, 1.2))
    stock.results_cache = [sample(other)]
    with seeded(3):
        np.random.uniform(0, 1)
        [np.random.randint(30) for _ in mixup.others.dataset.read]
        expected = stock.transform(sample(2))
    assert same(mixed, expected)
    assert len(mixed['gt_bboxes']) > 2


def test_where_no_other_has_a_box_the_sample_stays(mixup):
    mixup.others = OtherSamples(Files(lambda index: sample(0)))
    assert same(mixup.transform(sample(2)), sample(2))
    assert len(mixup.others.dataset.read) == mixup.max_iters


def test_the_share_that_is_mixed():
    half = CachedMixUp(img_scale=(48, 48), prob=0.5)
    half.others = OtherSamples(Files(lambda index: sample(1)))
    with seeded(0):
        mixed = sum(not same(half.transform(sample(2)), sample(2)) for _ in range(400))
    assert 160 < mixed < 240
    assert len(half.others.dataset.read) == mixed


def test_arguments_are_checked_as_by_mmdet():
    with pytest.raises(AssertionError, match='cache'):
        CachedMixUp(max_cached_images=1)
