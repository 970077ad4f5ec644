import pytest
import torch

from mmholdout.datasets import epoch_sampler
from mmholdout.datasets.epoch_sampler import EpochSampler


def sampler(length=20, seed=0, epoch=0, batch=0, **words):
    made = EpochSampler(range(length), seed=seed, **words)
    made.set_position(epoch, batch)
    return made


def indices(**words):
    return [index for _, index in sampler(**words)]


def test_an_epoch_is_a_permutation_tagged_with_its_number():
    pairs = list(sampler(epoch=7))
    assert sorted(index for _, index in pairs) == list(range(20))
    assert {epoch for epoch, _ in pairs} == {7}
    assert indices() != list(range(20))


def test_without_shuffling_it_is_dataset_order():
    assert indices(shuffle=False, epoch=3) == list(range(20))


def test_the_order_depends_on_seed_and_epoch_and_on_nothing_else():
    first = indices(seed=0, epoch=1)
    torch.manual_seed(99)
    assert indices(seed=0, epoch=1) == first
    orders = [indices(seed=s, epoch=e) for s in range(4) for e in range(4)]
    assert len({tuple(order) for order in orders}) == 16  # so (0, 1) is not (1, 0)


@pytest.mark.parametrize('batch', [0, 1, 3, 6, 7])
@pytest.mark.parametrize('drop_last', [False, True])
def test_a_position_within_an_epoch_continues_the_same_order(batch, drop_last):
    words = {'batch_size': 3, 'drop_last': drop_last, 'epoch': 2}
    whole = list(sampler(**words))
    assert list(sampler(batch=batch, **words)) == whole[batch * 3 :]


@pytest.mark.parametrize(
    ('length', 'batch_size', 'drop_last', 'batches', 'samples'),
    [
        (20, 3, False, 7, 20),
        (20, 3, True, 6, 18),
        (20, 5, False, 4, 20),
        (20, 5, True, 4, 20),
        (2, 3, False, 1, 2),
        (2, 3, True, 0, 0),
        (1, 1, False, 1, 1),
    ],
)
def test_lengths(length, batch_size, drop_last, batches, samples):
    made = sampler(length=length, batch_size=batch_size, drop_last=drop_last)
    assert (made.num_batches, len(made), len(list(made))) == (batches, samples, samples)


def test_the_global_random_state_is_not_touched():
    before = torch.get_rng_state()
    list(sampler())
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ('length', 'drop_last', 'each'), [(20, False, 7), (20, True, 6), (2, False, 1)]
)
def test_processes_share_an_epoch_evenly(monkeypatch, length, drop_last, each):
    shares = []
    for rank in range(3):
        monkeypatch.setattr(epoch_sampler, 'get_dist_info', lambda rank=rank: (rank, 3))
        shares.append(indices(length=length, batch_size=2, drop_last=drop_last))
    assert {len(share) for share in shares} == {each}
    seen = {index for share in shares for index in share}
    assert len(seen) == min(length, 3 * each)  # padded only where the length does not divide
