"""A model of one weight whose loss is what the batch says."""

from types import SimpleNamespace

import pytest
import torch
from mmengine.model import BaseModel
from mmengine.optim import OptimWrapper
from torch import nn


class OneWeight(BaseModel):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(()))

    def forward(self, inputs, data_samples=None, mode='tensor'):
        value = self.weight * inputs.sum()
        return {'loss_a': value, 'loss_b': [value, value], 'acc': value.detach()}


@pytest.fixture
def one_weight():
    model = OneWeight()
    wrapper = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1))
    return SimpleNamespace(model=model, optim_wrapper=wrapper)


@pytest.fixture
def batch_of():
    def make(value):
        sample = SimpleNamespace(metainfo={'img_path': 'images/7.jpg'})
        return {'inputs': torch.tensor([float(value)]), 'data_samples': [sample]}

    return make
