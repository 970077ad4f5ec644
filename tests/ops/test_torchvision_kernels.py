from __future__ import annotations

import sys
from types import ModuleType

import pytest
import torch

from mmholdout.ops import torchvision_kernels
from mmholdout.ops.torchvision_kernels import kernels, kernels_for


@pytest.fixture(autouse=True)
def fresh():
    kernels.cache_clear()
    yield
    kernels.cache_clear()


def test_a_missing_torchvision_is_none(monkeypatch):
    monkeypatch.setitem(sys.modules, 'torchvision.ops', None)
    assert kernels() is None
    assert kernels_for(torch.zeros(1, device='meta')) is None


def test_a_torchvision_built_for_another_torch_is_none(monkeypatch):
    def broken(name):
        raise RuntimeError('operator torchvision::nms does not exist')

    monkeypatch.setattr(torchvision_kernels.importlib, 'import_module', broken)
    assert kernels() is None


def test_it_is_used_for_tensors_that_are_not_on_the_cpu_only(monkeypatch):
    fake = ModuleType('torchvision.ops')
    monkeypatch.setitem(sys.modules, 'torchvision', ModuleType('torchvision'))
    monkeypatch.setitem(sys.modules, 'torchvision.ops', fake)
    assert kernels_for(torch.zeros(1)) is None
    assert kernels_for(torch.zeros(1, device='meta')) is fake
