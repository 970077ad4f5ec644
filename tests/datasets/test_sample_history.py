import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from mmdet.datasets.transforms import CachedMixUp, CachedMosaic
from mmdet.structures.bbox import HorizontalBoxes

from mmholdout.datasets import cached_mosaic
from mmholdout.datasets.failure import FailureDataset
from mmholdout.datasets.other_samples import connect
from mmholdout.datasets.sample_history import find_history
from mmholdout.datasets.seeded import SeededDataset


class Files:
    def __init__(self, steps, length=12):
        self.pipeline, self.length = SimpleNamespace(transforms=list(steps)), length
        self.made = 0

    def __len__(self):
        return self.length

    def get_data_info(self, index):
        boxes = torch.tensor([[4.0, 4.0, 20.0, 20.0]])
        return {
            'img': np.full((32, 32, 3), index, np.uint8),
            'gt_bboxes': HorizontalBoxes(boxes),
            'gt_bboxes_labels': np.array([0]),
            'gt_ignore_flags': np.array([False]),
        }

    def __getitem__(self, index):
        self.made += 1
        results = self.get_data_info(index)
        for step in self.pipeline.transforms:
            results = step(results)
        return results


class Step:
    def __call__(self, results):
        return {**results, 'drawn': self.draw()}


class Seeded(Step):
    def draw(self):
        return [random.random(), np.random.rand(3), torch.rand(1)]


class OwnGenerator(Step):
    def __init__(self):
        self.generator = np.random.default_rng(0)

    def draw(self):
        return self.generator.random()


class Counting(Step):
    """Gives the same until it has made sixteen samples."""

    def __init__(self):
        self.count = 0

    def draw(self):
        self.count += 1
        return self.count > 16


class Remembering(Step):
    """Keeps what it has seen, and makes no use of it."""

    def __init__(self):
        self.seen = 0

    def draw(self):
        self.seen += 1
        return 0


def found(*steps):
    dataset = FailureDataset(SeededDataset(Files(steps), 0))
    connect(dataset)
    return find_history(dataset)


@pytest.mark.parametrize(
    ('step', 'names'),
    [
        (Seeded(), []),
        (Remembering(), []),
        (OwnGenerator(), ['OwnGenerator']),
        (Counting(), ['Counting']),
        (CachedMosaic(img_scale=(16, 16)), ['CachedMosaic']),
        (CachedMosaic(img_scale=(16, 16), prob=0.3), ['CachedMosaic']),
        (CachedMixUp(img_scale=(16, 16)), ['CachedMixUp']),
        (cached_mosaic.CachedMosaic(img_scale=(16, 16)), []),
    ],
)
def test_transforms_with_a_memory_are_named(step, names):
    assert found(Seeded(), step, Seeded()) == names


def test_it_makes_three_samples_where_nothing_is_kept():
    files = Files([Seeded()])
    assert find_history(SeededDataset(files, 0)) == []
    assert files.made == 3


def test_the_pipeline_is_the_same_afterwards_also_when_a_step_raises():
    def fails(results):
        raise KeyError('img')

    steps = [Seeded(), fails]
    files = Files(steps)
    with pytest.raises(KeyError):
        find_history(SeededDataset(files, 0))
    assert files.pipeline.transforms == steps


@pytest.mark.parametrize('length', [0, 1])
def test_a_tiny_dataset(length):
    assert find_history(SeededDataset(Files([Seeded()], length), 0)) == []


def test_a_wrapper_with_a_pipeline_of_its_own():
    class Mixing:
        def __init__(self, dataset, pipeline):
            self.dataset, self.pipeline = dataset, pipeline

        def __len__(self):
            return len(self.dataset)

        def __getitem__(self, index):
            results = self.dataset[index]
            for step in self.pipeline:
                results = step(results)
            return results

    assert find_history(SeededDataset(Mixing(Files([Seeded()]), [OwnGenerator()]), 0)) == [
        'OwnGenerator'
    ]
