from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

import pytest
import torch

from mmholdout.errors import ConfigError, MissingOperatorError
from mmholdout.ops import backend_name, supply
from mmholdout.ops import extension as module


def test_the_stand_in_is_in_place_and_importable():
    supply()
    assert importlib.import_module('mmcv._ext') is sys.modules['mmcv._ext']
    assert importlib.util.find_spec('mmcv._ext') is not None
    assert 'NMS' in backend_name()


def test_every_operator_is_there_and_a_missing_one_says_how_to_get_it_when_called():
    from mmcv.utils import ext_loader

    loaded = ext_loader.load_ext('_ext', ['nms', 'softnms', 'roi_align_forward'])
    with pytest.raises(MissingOperatorError, match=r"'softnms' .*pip install"):
        loaded.softnms(torch.zeros(1, 4))
    with pytest.raises(AttributeError):
        loaded.__wrapped__  # noqa: B018


def test_a_missing_operator_reached_through_mmcv():
    from mmcv.ops import soft_nms

    with pytest.raises(MissingOperatorError, match='softnms'):
        soft_nms(torch.zeros(1, 4), torch.zeros(1))


def test_a_compiled_mmcv_is_left_alone(monkeypatch):
    compiled = ModuleType('mmcv._ext')
    monkeypatch.setitem(sys.modules, 'mmcv._ext', compiled)
    supply()
    assert sys.modules['mmcv._ext'] is compiled
    assert backend_name() == 'compiled mmcv'


def test_a_compiled_mmcv_that_is_not_imported_yet_is_left_alone(monkeypatch):
    monkeypatch.delitem(sys.modules, 'mmcv._ext')
    monkeypatch.setattr(module.importlib.util, 'find_spec', lambda name: object())
    supply()
    assert 'mmcv._ext' not in sys.modules


def test_no_mmcv_at_all(monkeypatch):
    monkeypatch.delitem(sys.modules, 'mmcv._ext')
    monkeypatch.setattr(module.importlib.util, 'find_spec', lambda name: None)
    with pytest.raises(ConfigError, match='pip install mmcv-lite'):
        supply()
