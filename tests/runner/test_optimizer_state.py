import pytest
import torch
from torch import nn

from mmholdout.errors import CheckpointError
from mmholdout.runner.optimizer_state import load_optimizer, save_optimizer


def made(frozen=(), optimizer=torch.optim.AdamW, width=2):
    """Two layers of the same shape, so that only names tell them apart."""
    torch.manual_seed(0)
    model = nn.ModuleDict({'a': nn.Linear(2, width), 'b': nn.Linear(2, width)})
    for name in frozen:
        model[name].requires_grad_(False)
    built = optimizer([p for p in model.parameters() if p.requires_grad], lr=0.1)
    sum(
        layer(torch.ones(1, 2)).sum() * (1 + i) for i, layer in enumerate(model.values())
    ).backward()
    built.step()
    return model, built


def average_of(model, optimizer, name):
    return optimizer.state[model.get_parameter(name)].get('exp_avg')


def test_there_and_back():
    saved = save_optimizer(*made())
    model, optimizer = made()
    optimizer.step()
    assert load_optimizer(model, optimizer, saved, 'last.pth') == []
    expected = made()
    for name in ('a.weight', 'b.bias'):
        assert torch.equal(average_of(model, optimizer, name), average_of(*expected, name))


def test_values_go_to_their_parameter_where_others_are_frozen_now():
    saved = save_optimizer(*made())
    model, optimizer = made(frozen=['a'])
    (notice,) = load_optimizer(model, optimizer, saved, 'last.pth')
    assert notice == '2 parameters that were trained before are frozen now'
    expected = saved['state']['b.weight']['exp_avg']
    assert torch.equal(average_of(model, optimizer, 'b.weight'), expected)
    assert not torch.equal(expected, saved['state']['a.weight']['exp_avg'])


def test_a_part_that_was_frozen_starts_without():
    saved = save_optimizer(*made(frozen=['a']))
    model, optimizer = made()
    (notice,) = load_optimizer(model, optimizer, saved, 'last.pth')
    assert notice == '2 parameters that were frozen before are trained now'
    assert average_of(model, optimizer, 'a.weight') is None
    optimizer.step()


@pytest.mark.parametrize(
    ('other', 'said'),
    [
        (dict(width=3), 'other shapes'),
        (dict(optimizer=torch.optim.SGD), 'the optimizer AdamW, the config says SGD'),
    ],
)
def test_another_optimizer_is_refused(other, said):
    with pytest.raises(CheckpointError, match=said):
        load_optimizer(*made(**other), save_optimizer(*made()), 'last.pth')


def test_other_parameters_are_refused():
    saved = save_optimizer(*made(frozen=['a']))
    with pytest.raises(CheckpointError, match='other parameters'):
        load_optimizer(*made(frozen=['b']), saved, 'last.pth')


def test_a_file_of_an_earlier_version_is_refused():
    with pytest.raises(CheckpointError, match='earlier version'):
        load_optimizer(*made(), {0: {}}, 'last.pth')
