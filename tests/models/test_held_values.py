from enum import Enum
from types import SimpleNamespace

import torch
from mmengine.structures import InstanceData
from torch import nn

from mmholdout.models.held_values import RECORD, Opaque, held_values, is_record


class Mode(Enum):
    ON = 1


def test_names_places_and_forms():
    model = nn.Sequential(nn.Linear(1, 1))
    model[0].list = [0.5]
    model[0].assigner = SimpleNamespace(iou_thr=0.5, by={'a': [SimpleNamespace(top=3)]})
    model[0].mode, model[0].last = Mode.ON, InstanceData()
    found = {held.name: held for held in held_values(model)}
    assert found['0.in_features'].form == 1
    assert found['0.list'].form == {'is': 'list', 'of': [0.5]}
    assert found['0.assigner.iou_thr'].owner is model[0].assigner
    assert found["0.assigner.by['a'][0].top"].form == 3
    assert found['0.assigner'].form == Opaque(SimpleNamespace)
    assert found['0.mode'].form == Opaque(Mode.ON)
    assert found['0.last'].form is RECORD
    assert not any(name.startswith(('0.weight', '0.mode.', '0.last.')) for name in found)


def test_shared_objects_and_circles_are_walked_once():
    model = nn.Sequential(nn.ReLU(), nn.ReLU())
    shared = SimpleNamespace(count=1)
    shared.itself = shared
    model[0].held, model[1].held = shared, shared
    names = [held.name for held in held_values(model)]
    assert names.count('0.held.count') == 1 and '1.held.count' not in names


def test_records_below_containers_make_records_of_them():
    assert is_record({'results': [InstanceData()]})
    assert not is_record({'results': [torch.ones(1)]})
