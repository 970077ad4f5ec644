"""Parts that torch compiles for training. Its back ends here need no compiler."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from mmholdout.models.compiled import PARTS, compile_parts


class Part(nn.Module):  # torch compiles no module that is its own, such as Sequential
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, features):
        return self.layers(features)


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.backbone = Part(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
        self.bbox_head = Part(nn.Conv2d(4, 2, 1))

    def forward(self, images):
        return self.bbox_head(self.backbone(images)).square().mean()


@pytest.fixture
def counting():
    """A back end, and the graphs that it was given."""
    torch._dynamo.reset()
    graphs = []

    def backend(graph, _):
        graphs.append(graph)
        return graph.forward

    yield backend, graphs
    torch._dynamo.reset()


IMAGES = torch.linspace(-1, 1, 2 * 3 * 8 * 8).reshape(2, 3, 8, 8)


def gradients_of(model):
    model.zero_grad()
    model(IMAGES).backward()
    return [parameter.grad.clone() for parameter in model.parameters()]


def test_training_is_compiled_and_the_same(counting):
    backend, graphs = counting
    plain, compiled = Detector(), Detector()
    compile_parts(compiled, {'backend': backend}, pytest.fail)
    for mine, theirs in zip(gradients_of(compiled), gradients_of(plain)):
        assert torch.equal(mine, theirs)
    assert len(graphs) == 2  # backbone and head; there is no neck
    assert set(PARTS) >= {'backbone', 'bbox_head'}


def test_validation_is_not_compiled(counting):
    backend, graphs = counting
    model = Detector()
    compile_parts(model, {'backend': backend}, pytest.fail)
    model.eval()
    with torch.no_grad():
        model(IMAGES)
    model.train()
    with torch.no_grad():
        model(IMAGES)
    assert not graphs


def test_what_cannot_be_compiled_says_so_once_and_goes_on(counting):
    def broken(*_):
        raise RuntimeError('no compiler here\nand much more text')

    said, plain, model = [], Detector(), Detector()
    compile_parts(model, {'backend': broken}, said.append)
    for _ in range(2):
        assert all(map(torch.equal, gradients_of(model), gradients_of(plain)))
    assert len(said) == 2
    for name, line in zip(('backbone', 'bbox_head'), said):
        assert line.startswith(f'compile: {name} runs as it is, for torch could not compile it: ')
        assert 'no compiler here' in line and '\n' not in line


def test_a_mistake_of_the_model_is_not_taken_for_one_of_the_compiler(counting):
    model = Detector()
    compile_parts(model, {'backend': counting[0]}, lambda _: None)
    with pytest.raises(RuntimeError, match='to have 3 channels, but got 2') as raised:
        model(IMAGES[:, :2])
    assert 'dynamo' not in type(raised.value).__module__


def test_names_of_weights_stay_and_a_copy_has_its_own(counting):
    backend, graphs = counting
    model = Detector()
    names = list(model.state_dict())
    compile_parts(model, {'backend': backend}, pytest.fail)
    assert list(model.state_dict()) == names
    copied = copy.deepcopy(model)
    with torch.no_grad():
        for parameter in copied.bbox_head.parameters():
            parameter.zero_()
    assert copied(IMAGES) == 0
    assert not graphs  # a copy, such as the averaged weights, is not compiled
