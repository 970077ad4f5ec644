from collections import deque

import numpy as np
import torch
from torch import nn

from mmholdout.models.model_state import state_of


class Assigner:
    def __init__(self):
        self.iou_thr = 0.5
        self.itself = self
        self.cost = {'weights': [1.0, 2.0]}


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1)
        self.bn = nn.BatchNorm2d(1)
        self.seen = torch.zeros(2)
        self.counts = np.zeros(2)
        self.history = deque([0.1, 0.2])
        self.mixed = [1, nn.Identity()]
        self.assigner = Assigner()
        self.act = torch.relu


def test_tensors_have_the_names_of_their_places():
    model = nn.Sequential(Head())
    model[0].conv.weight.grad = torch.ones(1, 1, 1, 1)
    assert sorted(state_of(model)[0]) == [
        '0.bn.bias',
        '0.bn.num_batches_tracked',
        '0.bn.running_mean',
        '0.bn.running_var',
        '0.bn.weight',
        '0.conv.bias',
        '0.conv.weight',
        '0.seen',
        'gradient of 0.conv.weight',
    ]


def test_numbers_and_flags_are_found_in_objects_too():
    values = state_of(Head())[1]
    assert values['training'] is True
    assert values['bn.training'] is True
    assert values['conv.weight.requires_grad'] is True
    assert values['assigner.iou_thr'] == '0.5'
    assert values["assigner.cost['weights']"] == (list, '1.0', '2.0')
    assert values['counts'] == bytes(16)
    assert values['history'] == (deque, '0.1', '0.2')
    assert values['length of mixed'] == 2
    assert values['mixed[0]'] == 1


def test_what_changes_is_seen():
    head = Head()
    before = state_of(head)[1]
    head.assigner.iou_thr = 0.6
    head.history.append(0.3)
    head.bn.eval()
    after = state_of(head)[1]
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {'assigner.iou_thr', 'history', 'bn.training'}


def test_a_list_that_gets_another_kind_of_member_has_changed():
    head = Head()
    before = state_of(head)[1]
    head.history.append(torch.zeros(1))
    after = state_of(head)[1]
    assert before.keys() - after.keys() == {'history'}
    assert after.keys() - before.keys() == {'length of history', 'history[0]', 'history[1]'}


def test_a_list_and_a_tuple_of_the_same_are_not_the_same():
    head = Head()
    before = state_of(head)[1]
    head.history = (0.1, 0.2)
    assert state_of(head)[1]['history'] != before['history']


def test_a_value_that_is_nan_does_not_look_changed():
    head = Head()
    head.assigner.iou_thr = float('nan')
    head.history = [float('nan')]
    before = state_of(head)[1]
    head.assigner.iou_thr, head.history = -float('nan'), [-float('nan')]
    assert before == state_of(head)[1]
    assert state_of(head)[1] == state_of(head)[1]
