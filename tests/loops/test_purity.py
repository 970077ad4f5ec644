import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from mmholdout.errors import ImpureValidationError
from mmholdout.loops.purity import pure


@pytest.fixture
def model():
    net = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.Dropout())
    net[0].count = 0
    net[0].assigner = SimpleNamespace(iou_thr=0.5)
    return net


@pytest.fixture
def optimizer(model):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model(torch.randn(2, 1, 3, 3)).sum().backward()
    optimizer.step()
    return optimizer


def change_parameter(model, optimizer):
    model[0].weight.data += 1


def change_buffer(model, optimizer):
    model.train()(torch.ones(2, 1, 3, 3))


def change_flag(model, optimizer):
    model[2].eval()


def change_gradient(model, optimizer):
    optimizer.zero_grad()


def change_requires_grad(model, optimizer):
    model[0].bias.requires_grad_(False)


def change_attribute(model, optimizer):
    model[0].count += 1


def change_object(model, optimizer):
    model[0].assigner.iou_thr = 0.6


def change_momentum(model, optimizer):
    optimizer.state[model[0].bias]['momentum_buffer'].zero_()


def change_rate(model, optimizer):
    optimizer.param_groups[0]['lr'] = 1.0


@pytest.mark.parametrize(
    ('change', 'name'),
    [
        (change_parameter, '0.weight'),
        (change_buffer, '1.running_mean'),
        (change_flag, '2.training'),
        (change_gradient, 'gradient of 0.weight'),
        (change_requires_grad, '0.bias.requires_grad'),
        (change_attribute, '0.count'),
        (change_object, '0.assigner.iou_thr'),
        (change_momentum, 'optimizer.state.1.momentum_buffer'),
        (change_rate, 'optimizer.param_groups[0].lr'),
    ],
)
def test_each_change_is_an_error_with_its_name(model, optimizer, change, name):
    with (
        pytest.raises(ImpureValidationError, match=re.escape(name)),
        pure(model, lambda: {'optimizer': optimizer.state_dict()}),
    ):
        change(model, optimizer)


class Words:
    def __repr__(self):
        return f'Words({self.best})'

    best = 0.5


def state_of_a_run():
    words = Words()
    return {
        'position': {'epoch': 3, 'order': (1, 2)},
        'best': [{'value': 0.5}, {'value': float('nan')}],
        'drawn': np.zeros(5000),
        'averages': {},
        'words': words,
        'names': {1: {'tensor': torch.zeros(2)}},
    }


@pytest.mark.parametrize(
    ('change', 'name'),
    [
        (lambda s: s['position'].update(epoch=4), 'run.position.epoch changed'),
        (lambda s: s['position'].update(iteration=1), 'run.position.iteration changed'),
        (lambda s: s['position'].pop('order'), 'run.position.order changed'),
        (lambda s: s['best'][0].update(value=0.6), 'run.best[0].value changed'),
        (lambda s: s['best'].pop(), 'run.best[1] changed'),
        (lambda s: s['drawn'].__setitem__(2500, 1), 'run.drawn changed'),
        (lambda s: s['averages'].update(a=torch.zeros(1)), 'run.averages, run.averages.a changed'),
        (lambda s: setattr(s['words'], 'best', 0.6), 'run.words changed'),
        (lambda s: s['names'][1]['tensor'].add_(1), 'run.names.1.tensor changed'),
    ],
)
def test_other_state_is_compared_as_deep_as_it_goes(change, name):
    state = state_of_a_run()
    with pure(nn.Identity(), lambda: {'run': state}):
        pass
    with (
        pytest.raises(ImpureValidationError, match=f'^{re.escape(name)}'),
        pure(nn.Identity(), lambda: {'run': state}),
    ):
        change(state)


def test_measuring_alone_is_fine(model, optimizer):
    with pure(model, lambda: {'optimizer': optimizer.state_dict()}), torch.no_grad():
        model.eval()
        model(torch.randn(2, 1, 3, 3))
        model.train()


def test_buffers_are_put_back_whether_the_body_raises_or_not(model):
    before = {name: buffer.clone() for name, buffer in model.named_buffers()}

    def equal():
        return all(torch.equal(b, before[n]) for n, b in model.named_buffers())

    with pytest.raises(ImpureValidationError), pure(model):
        change_buffer(model, None)
    assert equal()
    with pytest.raises(KeyError), pure(model):
        change_buffer(model, None)
        raise KeyError('a metric fails')
    assert equal()


@pytest.mark.parametrize('raises', [False, True])
def test_what_a_head_remembers_of_the_last_batch_is_forgotten(model, raises):
    model[0].last = kept = {'seen': [1]}
    try:
        with pure(model):
            model[0].last = {'seen': [2, 3]}
            model[1].cache = torch.ones(3)
            if raises:
                raise KeyError('a metric fails')
    except KeyError:
        assert raises
    assert model[0].last is kept
    assert not hasattr(model[1], 'cache')


def test_many_changes_are_counted(model):
    for i in range(13):
        setattr(model, f'count_{i}', i)
    with pytest.raises(ImpureValidationError, match=r'and 3 more changed during'), pure(model):
        for i in range(13):
            setattr(model, f'count_{i}', -1)
