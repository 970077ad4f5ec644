import random

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.datasets.sample_seed import derived_seed, seeded

part = st.integers(-(2**40), 2**40) | st.text('ab/0', max_size=3).filter(lambda t: '/' not in t)


def draws():
    return random.random(), np.random.rand(), torch.rand(1).item()


@given(st.lists(part, min_size=1, max_size=4))
def test_derived_seed_fits_torch_and_is_stable(parts):
    assert 0 <= derived_seed(*parts) < 2**63
    assert derived_seed(*parts) == derived_seed(*parts)


def test_derived_seed_is_the_same_in_every_process_and_version():
    assert derived_seed('sample', 0, 1, 2) == 4546792013340644937  # b2sum -l 64 of sample/0/1/2


def test_no_two_of_many_positions_share_a_seed():
    seeds = {
        derived_seed(word, seed, epoch, index) % 2**32
        for word in ('order', 'sample')
        for seed in range(5)
        for epoch in range(10)
        for index in range(30)
    }
    assert len(seeds) >= 2999  # of 3000; the remainder is what NumPy is seeded with


def test_moving_one_from_seed_to_epoch_is_another_seed():
    assert derived_seed('order', 0, 1) != derived_seed('order', 1, 0)
    assert derived_seed('order', 1, 23) != derived_seed('order', 12, 3)


def test_seeded_fixes_all_three_and_gives_their_states_back():
    with seeded(5):
        first = draws()
    before = draws()
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    outside = draws(), draws()
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    left = draws()
    with seeded(5):
        assert draws() == first
    assert (left, draws()) == outside
    assert before != first
    with seeded(6):
        assert all(a != b for a, b in zip(draws(), first))


def test_the_states_come_back_after_an_error():
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    expected = draws()
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    with pytest.raises(ZeroDivisionError), seeded(5):
        draws()
        raise ZeroDivisionError
    assert draws() == expected
