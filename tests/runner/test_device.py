import pytest
import torch

from mmholdout.errors import ConfigError
from mmholdout.runner.device import choose_device


def test_default_is_cuda_where_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    assert choose_device(None) == 'cuda'
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    assert choose_device(None) == 'cpu'


def test_cpu():
    assert choose_device('cpu') == 'cpu'


@pytest.mark.parametrize('wanted', ['cuda:7', 'gpu', 'meta', ''])
def test_refused(wanted, monkeypatch):
    monkeypatch.setattr(torch.cuda, 'device_count', lambda: 1)
    with pytest.raises(ConfigError, match='--device'):
        choose_device(wanted)
