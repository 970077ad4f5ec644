import pytest
import torch
from mmengine.optim import OptimWrapper
from torch import nn

from mmholdout.runner.gradients import WindowGradients


@pytest.fixture
def training():
    """A model and steps of it, three to a window; gives its weight after each."""

    def make():
        model = nn.Linear(1, 1, bias=False)
        nn.init.ones_(model.weight)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.25)
        wrapper = OptimWrapper(optimizer, accumulative_counts=3)
        wrapper.initialize_count_status(model, 0, 6)

        def step(value):
            wrapper.update_params(model(torch.tensor([[float(value)]])).sum())
            return model.weight.item()

        return model, wrapper, step

    return make


def test_a_window_goes_on(training):
    model, _, step = training()
    weights = [step(value) for value in (3, 6, 9)]
    assert weights == [1, 1, 1 - 0.25 * 6]

    model, _, step = training()
    step(3), step(6)
    state = WindowGradients(model).state_dict()
    resumed, wrapper, step = training()
    WindowGradients(resumed).load_state_dict(state)
    wrapper.initialize_count_status(resumed, 2, 6)
    assert step(9) == weights[-1]


def test_there_is_nothing_to_keep_between_windows(training):
    model, _, step = training()
    assert WindowGradients(model).state_dict() == {}
    for value in (3, 6, 9):
        step(value)
    assert WindowGradients(model).state_dict() == {}


def test_what_is_frozen_or_gone_gets_no_gradient(training):
    model, _, step = training()
    step(3)
    state = WindowGradients(model).state_dict() | {'gone': torch.ones(2)}
    frozen = nn.Linear(1, 1, bias=False).requires_grad_(False)
    WindowGradients(frozen).load_state_dict(state)
    assert frozen.weight.grad is None


def test_a_loaded_gradient_is_its_own_tensor(training):
    model, _, step = training()
    step(3)
    state = WindowGradients(model).state_dict()
    resumed, _, step = training()
    WindowGradients(resumed).load_state_dict(state)
    step(6)
    assert state['weight'].item() == 1
