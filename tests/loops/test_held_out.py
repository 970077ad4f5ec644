import random

import numpy as np
import pytest
import torch
from torch import nn

from mmholdout.loops.held_out import held_out


def model_with_frozen_part():
    model = nn.Sequential(nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.Dropout(0.5))
    model.train()
    model[1].eval()
    return model


def flags(model):
    return [m.training for m in model.modules()]


def draws():
    return random.random(), np.random.rand(), torch.rand(1).item()


def test_eval_inside_own_flags_outside():
    model = model_with_frozen_part()
    before = flags(model)
    with held_out(model):
        assert not any(flags(model))
        assert not torch.is_grad_enabled()
    assert flags(model) == before
    assert before == [True, True, False, True]
    assert torch.is_grad_enabled()


def test_flags_and_random_states_come_back_after_an_exception():
    model = model_with_frozen_part()
    before = flags(model)
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    expected = draws()
    random.seed(1), np.random.seed(1), torch.manual_seed(1)
    with pytest.raises(ZeroDivisionError), held_out(model):
        draws()
        raise ZeroDivisionError
    assert flags(model) == before
    assert draws() == expected


def test_batch_norm_statistics_stay():
    model = model_with_frozen_part().train()
    mean = model[1].running_mean.clone()
    with held_out(model):
        model(torch.randn(4, 3, 8, 8))
    assert torch.equal(model[1].running_mean, mean)
