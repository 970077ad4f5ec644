"""Against mmengine's and mmdet's averaged models, which stay beside the model as ours do."""

import copy

import pytest
import torch
from mmdet.models.layers import ExpMomentumEMA
from mmengine.model import ExponentialMovingAverage
from torch import nn

from mmholdout.hooks.weight_average import WeightAverage


def small_model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))


def train_a_bit(model, seed):
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter))
    model.train()(torch.randn(8, 3))


def bits(state):
    return {name: tensor.clone() for name, tensor in state.items()}


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


@pytest.mark.parametrize('update_buffers', [True, False])
@pytest.mark.parametrize(('gamma', 'oracle'), [(0, ExponentialMovingAverage), (5, ExpMomentumEMA)])
def test_the_same_numbers_as_the_libraries(gamma, oracle, update_buffers):
    model = small_model()
    options = {'gamma': gamma} if gamma else {}
    expected = oracle(model, momentum=0.1, update_buffers=update_buffers, **options)
    average = WeightAverage(model, 0.1, gamma, update_buffers=update_buffers)
    for step in range(7):
        train_a_bit(model, step)
        expected.update_parameters(model)
        average.update()
    _, found = average.states()
    for name, value in expected.module.state_dict().items():
        if name.endswith('num_batches_tracked'):
            assert found[name] == 7  # a count is copied; mmengine's stays behind
        else:
            assert torch.allclose(found[name], value, rtol=1e-6, atol=1e-7), name
    assert average.updates == 7


def test_a_table_of_numbers():
    """0.9 * 0.9 + 0.1 * 2 ..., from a first update that copies."""
    model = nn.Linear(1, 1, bias=False).double()
    average = WeightAverage(model, 0.1, 0, update_buffers=True)
    values = []
    for weight in (1.0, 2.0, 3.0):
        model.weight.data.fill_(weight)
        average.update()
        values.append(average.states()[1]['weight'].item())
    assert values == pytest.approx([1.0, 1.1, 1.29], rel=1e-12)


def test_no_average_before_the_first_update():
    average = WeightAverage(small_model(), 0.1, 0, update_buffers=True)
    assert not average
    average.update()
    assert average


def test_exchanged_and_back_every_bit_is_there():
    model = small_model()
    average = WeightAverage(model, 0.1, 0, update_buffers=True)
    for step in range(3):
        train_a_bit(model, step)
        average.update()
    trained, averaged = (bits(state) for state in average.states())
    pointers = [p.data_ptr() for p in model.parameters()]
    assert not same(trained, averaged)
    with pytest.raises(KeyboardInterrupt), average.in_place_of_the_weights():
        assert same(bits(model.state_dict()), averaged)
        inside = average.states()  # a checkpoint that is written now is not mixed up
        assert same(bits(inside[0]), trained) and same(bits(inside[1]), averaged)
        raise KeyboardInterrupt
    assert same(bits(model.state_dict()), trained)
    assert same(bits(average.states()[1]), averaged)
    assert pointers == [p.data_ptr() for p in model.parameters()]


def test_frozen_parameters_stay_equal():
    model = small_model()
    model[0].requires_grad_(False)
    average = WeightAverage(model, 0.3, 50, update_buffers=True)
    before = model[0].weight.clone()
    for step in range(5):
        train_a_bit(model, step)
        average.update()
    found = average.states()[1]
    assert torch.equal(found['0.weight'], before) and torch.equal(model[0].weight, before)
    assert not torch.equal(found['2.weight'], model[2].weight)


def test_a_tensor_of_two_names_is_exchanged_once():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    model[1].weight = model[0].weight
    average = WeightAverage(model, 0.1, 0, update_buffers=True)
    for value in (1.0, 2.0):
        model[0].weight.data.fill_(value)
        average.update()
    with average.in_place_of_the_weights():
        assert model[1].weight[0, 0].item() == pytest.approx(1.1)
    assert model[0].weight[0, 0].item() == 2.0
    trained, averaged = average.states()
    assert trained.keys() == averaged.keys()
    assert torch.equal(averaged['0.weight'], averaged['1.weight'])


def test_goes_on_from_a_state_dict():
    model = small_model()
    whole = WeightAverage(model, 0.1, 20, update_buffers=True)
    for step in range(3):
        train_a_bit(model, step)
        whole.update()
    other = copy.deepcopy(model)
    part = WeightAverage(other, 0.1, 20, update_buffers=True)
    part.load(bits(whole.states()[1]))
    part.updates = whole.updates
    for step in range(3, 6):
        for one, average in ((model, whole), (other, part)):
            train_a_bit(one, step)
            average.update()
    assert same(bits(part.states()[1]), bits(whole.states()[1]))


def test_the_memory_format_is_kept():
    model = nn.Conv2d(3, 8, 3).to(memory_format=torch.channels_last)
    average = WeightAverage(model, 0.1, 0, update_buffers=True)
    average.update()
    average.load({k: v.contiguous() for k, v in bits(average.states()[1]).items()})
    with average.in_place_of_the_weights():
        assert model.weight.is_contiguous(memory_format=torch.channels_last)
