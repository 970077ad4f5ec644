import io
from types import SimpleNamespace

import pytest
import torch
from mmdet.models.task_modules.samplers import SamplingResult
from mmengine.structures import InstanceData
from torch import nn

from mmholdout.models.module_values import ModuleValues


class Assigner:
    def __init__(self):
        self.iou_thr, self.calculator = 0.5, SimpleNamespace(scale=1.0)


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 1)
        self.count, self.history = 0, []
        self.assigners = [Assigner(), Assigner()]
        self.mean = torch.zeros(2)
        self.generator = torch.Generator().manual_seed(1)
        self.infos, self.beta = {}, 1.0

    def step(self):
        self.count += 1
        self.history.append(0.5 * self.count)
        self.assigners[1].iou_thr += 0.01
        self.assigners[0].calculator.scale *= 2
        self.mean += 1
        self.last_scores = torch.ones(1, requires_grad=True) * 2
        self.infos['results'] = [InstanceData(labels=torch.ones(1))]
        return torch.rand(1, generator=self.generator).item()


@pytest.fixture
def model():
    return nn.ModuleDict({'head': Head()})


def through_a_file(state):
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


def test_what_steps_have_changed_goes_on_in_another_model(model):
    values = ModuleValues(model)
    for _ in range(3):
        model['head'].step()
    state = through_a_file(values.state_dict())
    assert state['not_saved'] == []

    other = nn.ModuleDict({'head': Head()})
    shared = other['head'].history
    ModuleValues(other).load_state_dict(state)
    head = other['head']
    assert head.count == 3
    assert head.history is shared and shared == [0.5, 1.0, 1.5]
    assert head.assigners[1].iou_thr == model['head'].assigners[1].iou_thr
    assert head.assigners[0].calculator.scale == 8
    assert head.mean.tolist() == [3, 3]
    assert head.last_scores.item() == 2
    assert [head.step() for _ in range(3)] == [model['head'].step() for _ in range(3)]


def test_what_training_does_not_change_is_the_configs(model):
    values = ModuleValues(model)
    model['head'].step()
    state = values.state_dict()
    other = nn.ModuleDict({'head': Head()})
    other['head'].beta = other['head'].assigners[0].iou_thr = 0.25
    ModuleValues(other).load_state_dict(state)
    assert other['head'].beta == other['head'].assigners[0].iou_thr == 0.25
    assert other['head'].count == 1


def test_a_model_that_has_made_no_step_has_nothing_to_save(model):
    assert ModuleValues(model).state_dict() == {'values': {}, 'not_saved': []}


def test_records_of_a_batch_are_no_state(model):
    values = ModuleValues(model)
    model['head'].infos.update(results=[SamplingResult.__new__(SamplingResult)])
    model['head'].result = InstanceData()
    assert values.state_dict() == {'values': {}, 'not_saved': []}


@pytest.mark.parametrize(
    ('change', 'names'),
    [
        (lambda h: setattr(h, 'assigners', [Assigner(), object()]), ['head.assigners[1]']),
        (lambda h: setattr(h, 'loss', lambda x: x), ['head.loss']),
        (lambda h: h.assigners.pop(), 'head.assigners[1]'),
        (lambda h: setattr(h, 'infos', SimpleNamespace(a=1)), ['head.infos']),
        (lambda h: setattr(h.assigners[0], 'calculator', len), 'head.assigners[0].calculator'),
    ],
)
def test_what_cannot_be_saved_is_named(model, change, names):
    values = ModuleValues(model)
    change(model['head'])
    found = values.not_saved()
    if isinstance(names, list):
        assert found[: len(names)] == names
    else:
        assert any(name.startswith(names) for name in found)


def test_an_object_that_was_made_anew_counts_with_what_it_has(model):
    values = ModuleValues(model)
    model['head'].assigners[0] = Assigner()
    assert values.state_dict() == {'values': {}, 'not_saved': []}
    model['head'].assigners[0].iou_thr = 0.7
    assert values.state_dict()['values'] == {'head.assigners[0]': [['iou_thr', 0.7]]}


def test_a_model_without_such_a_place_is_refused(model):
    values = ModuleValues(model)
    model['head'].step()
    with pytest.raises(ValueError, match=r"no 'head"):
        ModuleValues(nn.ModuleDict({'other': Head()})).load_state_dict(values.state_dict())
