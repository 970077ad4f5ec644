import pickle
import random

import numpy as np
import pytest
import torch

from mmholdout.datasets.seeded import SeededDataset


class Noise:
    """Draws as mmdet's transforms do, from all three sources."""

    metainfo = {'classes': ('x',)}

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return index, random.random(), np.random.rand(), torch.rand(1).item()


def test_a_sample_is_a_function_of_seed_epoch_and_index():
    dataset = SeededDataset(Noise(), seed=3)
    first = dataset[0, 2]
    dataset[1, 2], dataset[0, 1], random.random(), np.random.rand(), torch.rand(1)
    assert dataset[0, 2] == first
    assert SeededDataset(Noise(), seed=3)[0, 2] == first


@pytest.mark.parametrize(('seed', 'epoch', 'index'), [(3, 1, 2), (4, 0, 2), (2, 1, 2), (3, 0, 1)])
def test_any_other_position_draws_something_else(seed, epoch, index):
    first = SeededDataset(Noise(), seed=3)[0, 2]
    other = SeededDataset(Noise(), seed=seed)[epoch, index]
    assert all(a != b for a, b in zip(first[1:], other[1:]))


def test_seeds_and_epochs_are_not_interchangeable():
    assert SeededDataset(Noise(), seed=0)[1, 0] != SeededDataset(Noise(), seed=1)[0, 0]


def test_the_rest_is_passed_on_and_it_pickles():
    dataset = pickle.loads(pickle.dumps(SeededDataset(Noise(), seed=3)))  # noqa: S301 - our own
    assert len(dataset) == 4
    assert dataset.metainfo == {'classes': ('x',)}
    with pytest.raises(AttributeError, match='nothing'):
        _ = dataset.nothing
