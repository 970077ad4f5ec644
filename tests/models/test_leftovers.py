from collections import deque

import numpy as np
import pytest
import torch
from torch import nn

from mmholdout.models.leftovers import Leftovers


@pytest.fixture
def model():
    net = nn.Sequential(nn.Linear(1, 1))
    net[0].last = {'boxes': [np.zeros(3)], 'seen': {1, 2}}
    net[0].history = deque([0.5], maxlen=3)
    net[0].result = torch.zeros(2)
    net[0].count = 1
    return net


def test_containers_get_their_members_back(model):
    head = model[0]
    last, boxes, first = head.last, head.last['boxes'], head.last['boxes'][0]
    leftovers = Leftovers(model)
    boxes.append(np.ones(3))
    head.last['seen'].add(3)
    head.last['new'] = 1
    head.history.extend([0.6, 0.7, 0.8])
    leftovers.forget()
    assert head.last is last
    assert list(last) == ['boxes', 'seen']
    assert last['boxes'] is boxes
    assert len(boxes) == 1
    assert boxes[0] is first
    assert last['seen'] == {1, 2}
    assert list(head.history) == [0.5]
    assert head.history.maxlen == 3


def test_attributes_get_their_objects_back_and_new_ones_go(model):
    head, result = model[0], model[0].result
    leftovers = Leftovers(model)
    head.result = torch.ones(2)
    head.cache = torch.ones(5)
    leftovers.forget()
    assert head.result is result
    assert not hasattr(head, 'cache')


def test_an_attribute_that_got_another_name_gets_its_own_back(model):
    head, seen = model[0], object()
    head.cache = seen
    leftovers = Leftovers(model)
    del head.cache
    head.other = seen  # as many attributes as before, holding the same in the same order
    leftovers.forget()
    assert head.cache is seen
    assert not hasattr(head, 'other')


def test_a_number_is_left_for_the_comparison(model):
    leftovers = Leftovers(model)
    model[0].count = 2
    leftovers.forget()
    assert model[0].count == 2


def test_parameters_and_modules_are_not_touched(model):
    leftovers = Leftovers(model)
    model[0].weight = nn.Parameter(torch.ones(1, 1))
    model.add_module('more', nn.ReLU())
    leftovers.forget()
    assert model[0].weight.item() == 1
    assert isinstance(model.more, nn.ReLU)


def test_a_container_within_itself_ends(model):
    model[0].last['itself'] = model[0].last
    Leftovers(model).forget()
    assert model[0].last['itself'] is model[0].last
