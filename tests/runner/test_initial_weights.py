import logging

import pytest
import torch
from mmengine.model import BaseModule
from torch import nn

from mmholdout.errors import CheckpointError, ConfigError
from mmholdout.runner.initial_weights import initialising, pretrained_sources


class Net(BaseModule):
    def __init__(self, init_cfg=None):
        super().__init__(init_cfg)
        self.conv = nn.Conv2d(1, 1, 1)


def pretrained(path):
    return Net(dict(type='Pretrained', checkpoint=str(path)))


def initialise(model):
    with initialising(model):
        model.init_weights()


def test_what_is_there_is_loaded(tmp_path):
    torch.save({'conv.weight': torch.full((1, 1, 1, 1), 7.0)}, tmp_path / 'w.pth')
    model = pretrained(tmp_path / 'w.pth')
    initialise(model)
    assert model.conv.weight.item() == 7.0


def test_weights_that_do_not_fit_are_said(tmp_path):
    torch.save({'conv.weight': torch.ones(2, 1, 1, 1), 'other': torch.ones(1)}, tmp_path / 'w.pth')
    model = pretrained(tmp_path / 'w.pth')
    with initialising(model) as remarks:
        model.init_weights()
    (remark,) = remarks
    assert remark.startswith('init_cfg: The model and loaded state dict do not match')
    assert 'size mismatch for conv.weight' in remark and 'other' in remark
    with initialising(model) as remarks:
        pass
    assert remarks == []


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r'cannot be loaded.*no\.pth.*init_cfg=None'):
        initialise(pretrained(tmp_path / 'no.pth'))


def test_a_damaged_file(tmp_path):
    torch.save({'conv.weight': torch.ones(1000)}, tmp_path / 'w.pth')
    data = (tmp_path / 'w.pth').read_bytes()
    (tmp_path / 'w.pth').write_bytes(data[: len(data) // 2])
    with pytest.raises(CheckpointError):
        initialise(pretrained(tmp_path / 'w.pth'))


def test_a_package_that_is_not_here():
    with pytest.raises(CheckpointError, match=r'pavi.*init_cfg names pavi://a'):
        initialise(pretrained('pavi://a'))


def test_arguments_that_cannot_be():
    with pytest.raises(ConfigError, match='init_cfg'):
        initialise(Net(dict(type='Constant', layer='Conv2d', value=1, bis=2)))


def test_a_defect_stays_a_defect():
    class Broken(Net):
        def init_weights(self):
            raise RuntimeError('a defect')

    with pytest.raises(RuntimeError, match='a defect'):
        initialise(Broken())


def test_sources_of_every_part_once():
    first = dict(type='Pretrained', checkpoint='a.pth')
    both = [dict(type='Normal', layer='Conv2d'), dict(type='mmengine.Pretrained', checkpoint='b')]
    model = nn.ModuleList([Net(first), Net(first), Net(both), Net()])
    assert pretrained_sources(model) == ['a.pth', 'b']


def test_our_own_initialisers_say_what_they_loaded():
    class Speaking(Net):
        def init_weights(self):
            logging.getLogger('mmholdout.models.some_weights').info('3 tensors loaded')
            logging.getLogger('other').info('chatter')

    with initialising(Speaking()) as remarks:
        Speaking().init_weights()
    assert remarks == ['init_cfg: 3 tensors loaded']
    assert not logging.getLogger('mmholdout.models').handlers
