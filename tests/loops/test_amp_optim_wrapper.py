import pytest
import torch
from mmengine.optim import OptimWrapper, build_optim_wrapper
from mmengine.registry import DefaultScope
from torch import nn

from mmholdout.errors import ConfigError, NonFiniteLossError
from mmholdout.loops.amp_optim_wrapper import AmpOptimWrapper, mixed_dtype
from mmholdout.loops.loss_scaler import LossScaler
from mmholdout.loops.train_step import train_step


def weights(wrapper_type, batches, scaler=None, **options):
    """A weight of two entries after gradients that are the batches, rate 1."""
    weight = nn.Parameter(torch.zeros(2))
    wrapper = wrapper_type(optimizer=torch.optim.SGD([weight], lr=1.0), **options)
    if scaler is not None:
        wrapper.scaler = scaler
    wrapper.initialize_count_status(nn.Linear(1, 1), 0, len(batches))
    for batch in batches:
        wrapper.update_params((weight * torch.tensor(batch)).sum())
    return weight.detach()


BATCHES = [[3.0, 0.0], [0.0, 4.0], [6.0, 0.0], [0.0, 8.0], [1.0, 1.0]]


@pytest.mark.parametrize('scaled', [False, True])
def test_clipped_once_from_the_whole_windows_gradient(scaled):
    """Two batches make (1.5, 2): norm 2.5, cut to 1. Cut one by one they would be (0.5, 0.5)."""
    scaler = LossScaler('cpu', init_scale=1024.0) if scaled else None
    options = dict(accumulative_counts=2, clip_grad=dict(max_norm=1.0), dtype='bfloat16')
    found = weights(AmpOptimWrapper, BATCHES[:2], scaler, **options)
    assert found.tolist() == pytest.approx([-0.6, -0.8], abs=1e-5)


@pytest.mark.parametrize('counts', [1, 2, 3, 5])
@pytest.mark.parametrize('clip', [None, dict(max_norm=1.0), dict(type='value', clip_value=0.5)])
def test_scaled_or_not_the_updates_are_those_of_the_plain_wrapper(counts, clip):
    def options():
        return dict(accumulative_counts=counts, clip_grad=clip and dict(clip))

    plain = weights(OptimWrapper, BATCHES, **options())
    amp = weights(AmpOptimWrapper, BATCHES, dtype='bfloat16', **options())
    scaled = weights(
        AmpOptimWrapper, BATCHES, LossScaler('cpu', init_scale=64.0), dtype='bfloat16', **options()
    )
    assert torch.equal(amp, plain)
    assert torch.allclose(scaled, plain, rtol=1e-6)


def test_accumulation_is_the_gradient_of_the_large_batch():
    """Means over equal batches: two batches of 4 are one batch of 8."""
    torch.manual_seed(0)
    inputs, targets = torch.randn(8, 3), torch.randn(8, 1)

    def trained(batches, counts):
        torch.manual_seed(1)
        model = nn.Linear(3, 1)
        wrapper = OptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1), counts)
        wrapper.initialize_count_status(model, 0, len(batches))
        for rows in batches:
            wrapper.update_params(nn.functional.mse_loss(model(inputs[rows]), targets[rows]))
        return model.weight.detach()

    halves = [slice(0, 4), slice(4, 8)]
    assert torch.allclose(trained(halves, 2), trained([slice(0, 8)], 1), rtol=1e-5)
    assert not torch.allclose(trained(halves, 1), trained([slice(0, 8)], 1), rtol=1e-3)


def test_an_infinite_gradient_changes_nothing_and_is_no_error():
    scaler = LossScaler('cpu', init_scale=8.0)
    found = weights(AmpOptimWrapper, [[float('inf'), 1.0]], scaler, dtype='bfloat16')
    assert found.tolist() == [0.0, 0.0] and scaler.get_scale() == 4.0


def test_a_loss_that_is_not_finite_is_an_error_before_it_is_scaled(one_weight, batch_of):
    wrapper = AmpOptimWrapper(one_weight.optim_wrapper.optimizer)
    wrapper.scaler = LossScaler('cpu', init_scale=8.0)
    with pytest.raises(NonFiniteLossError):
        train_step(one_weight.model, batch_of(float('inf')), wrapper, where='epoch 1')
    assert one_weight.model.weight.grad is None and wrapper.scaler.get_scale() == 8.0


def test_the_forward_pass_is_mixed_and_weights_stay_float32():
    model = nn.Linear(2, 2)
    wrapper = AmpOptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1))
    assert wrapper.precision.dtype == 'bfloat16' and wrapper.scaler is None
    with wrapper.optim_context(model):
        out = model(torch.ones(1, 2))
    assert out.dtype == torch.bfloat16
    wrapper.update_params(out.float().sum())
    assert model.weight.dtype == torch.float32


def test_built_from_the_config_it_is_ours_and_not_mmengines():
    config = dict(type='AmpOptimWrapper', optimizer=dict(type='SGD', lr=0.1), dtype='bfloat16')
    with DefaultScope.overwrite_default_scope('mmholdout'):
        assert type(build_optim_wrapper(nn.Linear(1, 1), config)) is AmpOptimWrapper


@pytest.mark.parametrize(
    ('dtype', 'device', 'used'),
    [
        (None, 'cpu', 'bfloat16'),
        (None, 'cuda', 'float16'),
        ('bfloat16', 'cuda', 'bfloat16'),
        ('float16', 'cuda', 'float16'),
    ],
)
def test_the_dtype_of_a_device(dtype, device, used):
    assert mixed_dtype(dtype, device) == used


@pytest.mark.parametrize(('dtype', 'said'), [('float16', 'bfloat16'), ('float32', 'OptimWrapper')])
def test_a_dtype_that_cannot_be(dtype, said):
    model = nn.Linear(1, 1)
    with pytest.raises(ConfigError, match=said):
        AmpOptimWrapper(torch.optim.SGD(model.parameters(), lr=0.1), dtype=dtype)
