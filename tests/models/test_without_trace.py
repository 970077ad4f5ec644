from __future__ import annotations

import random

import numpy as np
import pytest
import torch
from torch import nn

from mmholdout.models.without_trace import without_trace


def draws():
    return random.random(), float(np.random.rand()), float(torch.rand(()))


def test_the_same_draws_each_time_whatever_was_drawn_before():
    with without_trace():
        first = draws()
    torch.manual_seed(7)
    draws()
    with without_trace():
        assert draws() == first


def test_random_states_are_put_back():
    for module in (random, np.random):
        module.seed(5)
    torch.manual_seed(5)
    expected = draws()
    for module in (random, np.random):
        module.seed(5)
    torch.manual_seed(5)
    with pytest.raises(ValueError, match='x'), without_trace():
        draws()
        raise ValueError('x')
    assert draws() == expected


def test_buffers_are_put_back():
    from mmdet.models.losses import SeesawLoss

    loss = SeesawLoss(num_classes=2)
    loss.cum_samples += 3
    scores, labels = torch.randn(4, 4), torch.tensor([0, 1, 2, 2])
    with without_trace(nn.ModuleList([loss])):
        loss(scores, labels)
        assert loss.cum_samples.tolist() != [3, 3, 3]
    assert loss.cum_samples.tolist() == [3, 3, 3]
