from types import SimpleNamespace

import pytest
import torch
from mmengine.optim import OptimWrapper
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.hooks import EMAHook
from mmholdout.loops.amp_optim_wrapper import AmpOptimWrapper
from mmholdout.loops.loss_scaler import LossScaler


def run_of(hook, wrapper_type=OptimWrapper, fused=False, **options):
    """A model of one weight of 1, a rate of 1, and the hook as the runner has it."""
    model = nn.Linear(1, 1, bias=False)
    model.weight.data.fill_(1.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0, fused=fused)
    run = SimpleNamespace(
        bare_model=model,
        optim_wrapper=wrapper_type(optimizer=optimizer, **options),
        train_loop=SimpleNamespace(epoch=0),
    )
    hook.before_run(run)
    hook.before_train(run)
    return run


def step(run, gradient):
    run.optim_wrapper.update_params(run.bare_model.weight.sum() * gradient)


def averaged(hook):
    return hook.average.states()[1]['weight'].item()


def test_once_for_an_update_and_not_for_each_batch():
    hook = EMAHook(momentum=0.5, gamma=0)
    run = run_of(hook, accumulative_counts=3)
    counts = []
    for _ in range(7):
        step(run, 0.3)
        counts.append(hook.average.updates)
    assert counts == [0, 0, 1, 1, 1, 2, 2]
    # after the step: 0.7 is copied, then 0.5 * 0.7 + 0.5 * 0.4
    assert averaged(hook) == pytest.approx(0.55)


def test_not_for_a_step_that_the_scaler_left_out():
    hook = EMAHook(momentum=0.5, gamma=0)
    run = run_of(hook, AmpOptimWrapper, dtype='bfloat16')
    run.optim_wrapper.scaler = LossScaler('cpu', init_scale=4.0)
    step(run, 0.25)
    step(run, float('inf'))
    assert hook.average.updates == 1 and averaged(hook) == 0.75
    step(run, 0.25)
    assert hook.average.updates == 2 and averaged(hook) == pytest.approx(0.625)


def test_a_fused_optimizer_leaves_the_step_out_by_itself():
    hook = EMAHook(momentum=0.5, gamma=0)
    run = run_of(hook, AmpOptimWrapper, fused=True, dtype='bfloat16')
    run.optim_wrapper.scaler = LossScaler('cpu', init_scale=4.0)
    step(run, float('inf'))
    assert hook.average.updates == 0 and run.bare_model.weight.item() == 1.0
    step(run, 0.25)
    assert hook.average.updates == 1 and averaged(hook) == 0.75


def test_before_begin_there_is_no_average():
    hook = EMAHook(begin=3)
    run = run_of(hook)
    checkpoint = {'state_dict': run.bare_model.state_dict()}
    for epoch in (0, 1):
        run.train_loop.epoch = epoch
        step(run, 0.1)
        with hook.measuring():
            assert run.bare_model.weight.item() == pytest.approx(1.0 - 0.1 * (epoch + 1))
    hook.before_save_checkpoint(run, checkpoint)
    assert checkpoint.keys() == {'state_dict'}
    run.train_loop.epoch = 2
    step(run, 0.1)
    assert hook.average.updates == 1


def test_the_checkpoint_has_the_average_in_the_usual_place():
    hook = EMAHook(momentum=0.5, gamma=0)
    run = run_of(hook)
    step(run, 0.2), step(run, 0.2)
    checkpoint = {'state_dict': run.bare_model.state_dict()}
    hook.before_save_checkpoint(run, checkpoint)
    assert checkpoint['state_dict']['weight'].item() == pytest.approx(0.7)
    assert checkpoint['train_state_dict']['weight'].item() == pytest.approx(0.6)
    with hook.measuring():
        assert run.bare_model.weight.item() == pytest.approx(0.7)
    assert run.bare_model.weight.item() == pytest.approx(0.6)

    other = EMAHook(momentum=0.5, gamma=0)
    again = run_of(other)
    again.bare_model.load_state_dict(checkpoint['train_state_dict'])
    other.load_state_dict(hook.state_dict())
    other.after_load_checkpoint(again, checkpoint)
    assert averaged(other) == averaged(hook) and other.average.updates == 2


def test_after_the_run_the_optimizer_is_left_alone():
    hook = EMAHook()
    run = run_of(hook)
    hook.after_train(run)
    step(run, 0.1)
    assert hook.average.updates == 0


def test_all_mistakes_at_once():
    with pytest.raises(ConfigError) as error:
        EMAHook(momentum=1.5, gamma=-1, begin=0, update_buffers=3)
    for key in ('momentum', 'gamma', 'begin', 'update_buffers'):
        assert f'ema.{key}' in str(error.value)


@pytest.mark.parametrize('momentum', [True, 'a', None, 0, 1, float('nan')])
def test_a_momentum_that_cannot_be(momentum):
    with pytest.raises(ConfigError, match='momentum'):
        EMAHook(momentum=momentum)
