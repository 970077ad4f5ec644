import random

import numpy as np
import pytest
import torch

from mmholdout.datasets import loader as module
from mmholdout.datasets.loader import build_loader
from mmholdout.errors import ConfigError, DataError


class Noise:
    """Samples that draw from all three global sources."""

    def __init__(self, length=11):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        draw = (random.random(), np.random.rand(), torch.rand(1).item())
        return {'index': index, 'draw': draw}


def loader(*, train=True, seed=0, length=11, **words):
    config = {'batch_size': 3, 'num_workers': 0, 'dataset': Noise(length)} | words
    return build_loader(config, seed=seed, train=train)


def run(made, epoch=0, batch=0):
    made.sampler.set_position(epoch, batch)
    return list(made)


def test_the_same_samples_for_any_number_of_workers():
    alone = loader(num_workers=0)
    expected = [run(alone, epoch) for epoch in (0, 1)]
    for persistent in (True, False):
        two = loader(num_workers=2, persistent_workers=persistent)
        assert [run(two, epoch) for epoch in (0, 1)] == expected
        del two


def test_epochs_and_seeds_differ_in_order_and_in_draws():
    runs = [run(loader(seed=s), e) for s in (0, 1) for e in (0, 1)]
    orders = {tuple(i for batch in r for i in batch['index']) for r in runs}
    draws = {tuple(map(str, (b['draw'] for b in r))) for r in runs}
    assert len(orders) == len(draws) == 4


@pytest.mark.parametrize('workers', [0, 2])
def test_a_position_within_an_epoch_continues_with_the_same_samples(workers):
    whole = run(loader(num_workers=0), epoch=2)
    assert run(loader(num_workers=workers), epoch=2, batch=2) == whole[2:]


@pytest.mark.parametrize(('drop_last', 'sizes'), [(False, [3, 3, 3, 2]), (True, [3, 3, 3])])
def test_the_last_batch(drop_last, sizes):
    made = loader(drop_last=drop_last)
    assert [len(batch['index']) for batch in run(made)] == sizes
    assert len(made) == len(sizes)


def test_shuffling_can_be_switched_off():
    made = loader(sampler={'type': 'DefaultSampler', 'shuffle': False})
    assert [i for batch in run(made) for i in batch['index']] == list(range(11))


@pytest.mark.parametrize('workers', [0, 2])
def test_evaluation_takes_every_sample_once_in_order(workers):
    made = loader(train=False, num_workers=workers, drop_last=True, sampler={'shuffle': True})
    for _ in range(2):
        assert [batch['index'] for batch in made] == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10]]


def test_evaluation_is_shared_out_without_padding(monkeypatch):
    shares = []
    for rank in range(3):
        monkeypatch.setattr(module, 'get_dist_info', lambda rank=rank: (rank, 3))
        shares.append([i for b in loader(train=False) for i in b['index']])
    assert sorted(i for share in shares for i in share) == list(range(11))


class Still(Noise):
    def __getitem__(self, index):
        return {'index': index}


@pytest.mark.parametrize('workers', [0, 2])
@pytest.mark.parametrize('train', [True, False])
def test_iterating_leaves_the_global_random_states_alone(train, workers):
    def states():
        return random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()

    # Evaluation does not seed its samples, so only the loader itself is looked at there.
    made = loader(train=train, num_workers=workers, dataset=Noise() if train else Still())
    before = states()
    list(made)
    assert states() == before


@pytest.mark.parametrize(
    ('words', 'told'),
    [
        ({'batch_size': 0}, 'batch_size must be an integer >= 1, got 0'),
        ({'batch_size': -2}, 'got -2'),
        ({'batch_size': 2.0}, 'got 2.0'),
        ({'batch_size': True}, 'got True'),
        ({'batch_size': '4'}, "got '4'"),
        ({'num_workers': -1}, 'num_workers must be an integer >= 0, got -1'),
    ],
)
@pytest.mark.parametrize('train', [True, False])
def test_impossible_numbers(words, told, train):
    with pytest.raises(ConfigError) as caught:
        loader(train=train, **words)
    assert told in str(caught.value)


def test_both_numbers_at_once():
    with pytest.raises(ConfigError) as caught:
        loader(batch_size=0, num_workers=-1)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(('train', 'name'), [(True, 'training'), (False, 'evaluation')])
def test_an_empty_split(train, name):
    with pytest.raises(DataError, match=f'the {name} split has no images'):
        loader(train=train, length=0)


def test_fewer_images_than_a_batch():
    assert len(loader(length=2)) == 1
    with pytest.raises(DataError, match='2 images, which fill no batch of 3'):
        loader(length=2, drop_last=True)


def test_options_of_workers_do_no_harm_without_workers():
    made = loader(prefetch_factor=4, persistent_workers=True, timeout=30)
    assert len(run(made)) == 4
    assert loader(num_workers=1, prefetch_factor=4).prefetch_factor == 4


def test_persistent_workers_end_when_told():
    import multiprocessing

    from mmholdout.datasets.loader import close_loader

    before = len(multiprocessing.active_children())
    loader = build_loader(
        {'dataset': list(range(8)), 'batch_size': 2, 'num_workers': 1}, seed=0, train=False
    )
    list(loader)
    assert len(multiprocessing.active_children()) == before + 1
    close_loader(loader)
    close_loader(loader)
    assert len(multiprocessing.active_children()) == before
