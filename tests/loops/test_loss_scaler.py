"""The scaler on a CPU, where torch's works as on CUDA."""

import io

import pytest
import torch

from mmholdout.errors import NonFiniteLossError
from mmholdout.loops.loss_scaler import PATIENCE, LossScaler

INF = float('inf')


def made(**options):
    weight = torch.nn.Parameter(torch.ones(()))
    return weight, torch.optim.SGD([weight], lr=0.5), LossScaler('cpu', **options)


def step(parts, gradient):
    weight, optimizer, scaler = parts
    optimizer.zero_grad()
    scaler.scale(weight * gradient).backward()
    scaler.step_or_leave_out(optimizer)
    return weight.item(), scaler.get_scale()


def test_an_infinite_gradient_leaves_the_step_out_and_halves_the_scale():
    parts = made(init_scale=8.0, growth_interval=2)
    assert step(parts, 0.5) == (0.75, 8.0)
    assert step(parts, INF) == (0.75, 4.0)
    assert step(parts, 0.5) == (0.5, 4.0)
    assert step(parts, 0.5) == (0.25, 8.0)  # two in a row: it grows


def test_a_fixed_scale_stays():
    parts = made(fixed=16.0)
    assert step(parts, INF) == (1.0, 16.0)
    assert step(parts, 0.5) == (0.75, 16.0)


def test_when_no_scale_helps_the_run_ends():
    parts = made()
    for _ in range(PATIENCE - 1):
        step(parts, INF)
    with pytest.raises(NonFiniteLossError, match='bfloat16'):
        step(parts, INF)
    assert parts[0].item() == 1.0


def test_one_good_step_is_enough():
    parts = made()
    for _ in range(2 * PATIENCE):
        step(parts, INF)
        step(parts, 0.0)


def test_counters_are_saved_and_the_rest_comes_from_the_config():
    parts = made(init_scale=8.0, growth_interval=3)
    step(parts, INF), step(parts, 0.5)
    file = io.BytesIO()
    torch.save(parts[2].state_dict(), file)
    file.seek(0)
    state = torch.load(file, weights_only=True)
    assert state == {'scale': 4.0, 'growth_tracker': 1}
    other = made(growth_interval=2, growth_factor=4.0)
    other[2].load_state_dict(state)
    assert step(other, 0.5)[1] == 16.0  # the second good step of two, times 4
    fixed = made(fixed=2.0)
    fixed[2].load_state_dict(state)
    assert fixed[2].get_scale() == 2.0
