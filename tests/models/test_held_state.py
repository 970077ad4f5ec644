from collections import deque
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from mmholdout.models.held_state import HeldState
from mmholdout.models.model_state import state_of
from mmholdout.models.tensor_digests import tensor_digests


class Loss(nn.Module):
    """Keeps what it has seen in every way that is in use."""

    def __init__(self):
        super().__init__()
        self.register_buffer('sums', torch.zeros(3))
        self.register_buffer('ratio', torch.ones(3))
        self.count, self.history, self.recent = 0, [], deque([1.0], maxlen=2)
        self.assigner = SimpleNamespace(iou_thr=0.5, seen={'a': [1]})
        self.array, self.tensor = np.zeros(2), torch.zeros(2)
        self.generator = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self):
        self.sums += 1
        self.ratio = self.sums / 2  # another tensor
        self.count += 1
        self.history.append(self.count)
        self.recent.extend([2.0, 3.0])
        self.assigner.iou_thr = 0.6
        self.assigner.seen['a'].append(2)
        self.assigner.seen['b'] = 1
        self.assigner.last = 3
        self.array += 1
        self.tensor += 1
        self.n_i = 5
        torch.rand(1, generator=self.generator)


@pytest.fixture
def model():
    return nn.Sequential(nn.BatchNorm2d(1), Loss())


def state(model):
    tensors, values = state_of(model)
    return {**tensor_digests(tensors), **values}


def test_everything_is_put_back(model):
    before = state(model)
    ratio, history = model[1].ratio, model[1].history
    held = HeldState(model)
    model[1]()
    model[0](torch.randn(4, 1, 2, 2))
    assert state(model) != before
    held.put_back()
    assert state(model) == before
    assert model[1].ratio is ratio and model[1].history is history


def test_each_way_of_keeping_shows_in_the_comparison(model):
    """So that the test above can fail for each of them."""
    before = state(model)
    model[1]()
    changed = {name for name in before if state(model).get(name) != before[name]}
    assert changed >= {
        '1.sums',
        '1.ratio',
        '1.count',
        '1.history',
        '1.recent',
        '1.assigner.iou_thr',
        "1.assigner.seen['a']",
        '1.array',
        '1.tensor',
        'state of 1.generator',
    }


def test_parameters_and_their_gradients_are_not_touched(model):
    held = HeldState(model)
    with torch.no_grad():
        model[1].weight.fill_(3)
    model[1].weight.grad = gradient = torch.ones(1)
    held.put_back()
    assert model[1].weight.item() == 3 and model[1].weight.grad is gradient


def test_only_the_given_modules(model):
    held = HeldState(model[0])
    model[1]()
    held.put_back()
    assert model[1].count == 1
