from collections import Counter

import pytest
import torch
from mmdet.models.data_preprocessors import BatchSyncRandomResize as StockResize
from mmdet.structures import DetDataSample
from mmengine.logging import MessageHub
from mmengine.structures import InstanceData

from mmholdout.errors import ConfigError
from mmholdout.models.batch_sync_random_resize import BatchSyncRandomResize
from mmholdout.registry import MODELS

RANGE = (480, 800)


@pytest.fixture
def at():
    """Sets the position that the run has told the message hub."""
    hub = MessageHub.get_instance('batch_sync_random_resize')

    def set_position(iteration, seed=0):
        hub.update_info('iter', iteration)
        hub.update_info('seed', seed)

    return set_position


def batch(height=64, width=96):
    sample = DetDataSample(metainfo=dict(img_shape=(height - 4, width), pad_shape=(height, width)))
    sample.gt_instances = InstanceData(bboxes=torch.tensor([[4.0, 8.0, 40.0, 60.0]]))
    sample.ignored_instances = InstanceData(bboxes=torch.tensor([[0.0, 0.0, 9.0, 9.0]]))
    inputs = torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(0))
    return inputs, [sample]


def test_stock_configs_get_it():
    assert type(MODELS.build(dict(type='BatchSyncRandomResize', random_size_range=RANGE))) is (
        BatchSyncRandomResize
    )


def test_sizes_are_those_of_mmdet_and_equally_frequent():
    """480 to 800 px in steps of 32: eleven sizes."""
    resize, stock = BatchSyncRandomResize(RANGE), StockResize(RANGE)
    drawn = Counter(resize.size_at(0, 10 * k, 1.0) for k in range(1, 2201))
    of_stock = {stock._get_random_size(1.0, torch.device('cpu')) for _ in range(500)}
    assert set(drawn) == of_stock == {(s, s) for s in range(480, 801, 32)}
    expected = 200
    chi_square = sum((n - expected) ** 2 / expected for n in drawn.values())
    assert chi_square < 29.6  # 99.9 % of 10 degrees of freedom


def test_a_size_lasts_an_interval_and_the_first_one_is_the_batches_own():
    resize = BatchSyncRandomResize(RANGE, interval=10)
    sizes = [resize.size_at(3, i, 1.0) for i in range(300)]
    assert sizes[:10] == [None] * 10
    changes = [i for i in range(1, 300) if sizes[i] != sizes[i - 1]]
    assert changes and all(i % 10 == 0 for i in changes)


def test_the_size_is_a_function_of_seed_and_iteration():
    one, other = BatchSyncRandomResize(RANGE), BatchSyncRandomResize(RANGE)
    for i in reversed(range(200)):
        other.size_at(0, i, 1.0)
    assert [one.size_at(0, i, 1.0) for i in range(200)] == [
        other.size_at(0, i, 1.0) for i in range(200)
    ]
    assert [one.size_at(0, i, 1.0) for i in range(200)] != [
        one.size_at(1, i, 1.0) for i in range(200)
    ]


@pytest.mark.parametrize('shape', [(64, 96), (96, 64), (640, 640)])
def test_images_and_boxes_are_resized_as_by_mmdet(at, shape):
    resize = BatchSyncRandomResize((32, 160), interval=1)
    stock = StockResize((32, 160), interval=1000)
    for iteration in range(1, 8):
        at(iteration)
        stock._input_size = resize.size_at(0, iteration, shape[1] / shape[0])
        (images, (sample,)), (expected, (same,)) = resize(*batch(*shape)), stock(*batch(*shape))
        assert torch.equal(images, expected)
        assert sample.metainfo == same.metainfo or images.shape[-2:] == shape
        for key in ('gt_instances', 'ignored_instances'):
            assert torch.equal(sample.get(key).bboxes, same.get(key).bboxes)


def test_the_width_follows_the_aspect_ratio_as_in_mmdet():
    resize = BatchSyncRandomResize((320, 320), interval=1)
    assert resize.size_at(0, 1, 1.5) == (320, 480)
    assert resize.size_at(0, 1, 7 / 5) == (320, 448)
    assert resize.size_at(0, 1, 0.01) == (320, 32)


@pytest.mark.parametrize(
    'words', [dict(interval=0), dict(random_size_range=(800, 480)), dict(random_size_range=(4, 9))]
)
def test_what_cannot_be_is_refused(words):
    with pytest.raises(ConfigError, match='BatchSyncRandomResize needs'):
        BatchSyncRandomResize(**{'random_size_range': RANGE, **words})
