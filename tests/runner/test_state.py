import io
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from mmholdout.errors import CheckpointError
from mmholdout.history.run_state import RunState
from mmholdout.runner.state import full_content, plain, register, restore, weights_content


def runner_of(width=3, optimizer=torch.optim.SGD, **options):
    model = nn.Linear(2, width)
    built = optimizer(model.parameters(), lr=0.1, **options)
    calls = []
    runner = SimpleNamespace(
        bare_model=model,
        optim_wrapper=SimpleNamespace(optimizer=built),
        run_state=RunState(),
        calls=calls,
        call_hook=lambda name, **kwargs: calls.append(name),
    )
    model(torch.ones(1, 2)).sum().backward()
    built.step()
    return runner


def test_round_trip_through_a_weights_only_file():
    a, b = runner_of(momentum=0.9), runner_of(momentum=0.9)
    file = io.BytesIO()
    torch.save(full_content(a, {'epoch': 1}), file)
    file.seek(0)
    assert restore(b, torch.load(file, weights_only=True), 'last.pth') == []
    assert torch.equal(a.bare_model.weight, b.bare_model.weight)
    states = [r.optim_wrapper.optimizer.state_dict()['state'] for r in (a, b)]
    assert torch.equal(states[0][0]['momentum_buffer'], states[1][0]['momentum_buffer'])
    assert a.calls == ['before_save_checkpoint'] and b.calls == ['after_load_checkpoint']


def test_hyper_parameters_come_from_the_config():
    a, b = runner_of(momentum=0.9), runner_of(momentum=0.5)
    b.optim_wrapper.optimizer.param_groups[0]['lr'] = 0.7
    restore(b, full_content(a, {}), 'last.pth')
    group = b.optim_wrapper.optimizer.param_groups[0]
    assert (group['lr'], group['momentum']) == (0.7, 0.5)


def test_another_model_is_refused():
    with pytest.raises(CheckpointError, match='another model'):
        restore(runner_of(width=4), full_content(runner_of(), {}), 'last.pth')


def test_other_parameter_groups_are_refused():
    a, b = runner_of(momentum=0.9), runner_of(momentum=0.9)
    content = full_content(a, {})
    content['optimizer']['parameters'] = ['another.weight']
    with pytest.raises(CheckpointError, match='other parameters'):
        restore(b, content, 'last.pth')


def test_weights_have_no_optimizer():
    content = weights_content(runner_of(), {'epoch': 3})
    assert content['kind'] == 'weights' and 'optimizer' not in content


def test_averaged_weights_take_the_usual_place_and_training_goes_on_from_its_own():
    a, b = runner_of(), runner_of()
    trained = a.bare_model.weight.detach().clone()

    def average(name, checkpoint):
        if name == 'before_save_checkpoint':
            checkpoint['train_state_dict'] = checkpoint['state_dict']
            checkpoint['state_dict'] = {k: v + 1 for k, v in checkpoint['state_dict'].items()}

    a.call_hook = average
    best, last = weights_content(a, {}), full_content(a, {})
    assert 'train_state_dict' not in best
    assert torch.equal(best['state_dict']['weight'], trained + 1)
    assert torch.equal(last['state_dict']['weight'], trained + 1)
    restore(b, last, 'last.pth')
    assert torch.equal(b.bare_model.weight, trained)


def test_a_loss_scaler_is_registered():
    runner = runner_of()
    runner.train_loop, runner.hooks = SimpleNamespace(), []
    runner.optim_wrapper.scaler = None
    register(runner)
    assert 'loss_scale' not in runner.run_state._parts
    runner.optim_wrapper.scaler, runner.run_state = SimpleNamespace(), RunState()
    register(runner)
    assert runner.run_state._parts['loss_scale'] is runner.optim_wrapper.scaler


def test_plain_values_are_readable_by_weights_only():
    value = {
        'version': torch.torch_version.TorchVersion('2.13.0'),
        'number': np.float64(0.5),
        'kind': nn.Linear,
        'nested': (1, [True, None, 'x']),
    }
    file = io.BytesIO()
    torch.save(plain(value), file)
    file.seek(0)
    read = torch.load(file, weights_only=True)
    assert read['version'] == '2.13.0' and read['number'] == 0.5
    assert read['kind'].endswith('Linear') and read['nested'] == (1, [True, None, 'x'])
