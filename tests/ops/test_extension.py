from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import torch

from mmholdout.errors import ConfigError, MissingOperatorError
from mmholdout.ops import backend_name, supply, torchvision_kernels
from mmholdout.ops import extension as module

CALLERS = ('nms', 'roi_align', 'roi_pool', 'focal_loss')


def test_the_stand_in_is_in_place_and_importable():
    supply()
    assert importlib.import_module('mmcv._ext') is sys.modules['mmcv._ext']
    assert importlib.util.find_spec('mmcv._ext') is not None
    assert backend_name() == 'own operators (nms, soft_nms, roi_align, roi_pool, focal_loss)'


def test_what_is_said_of_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    monkeypatch.setattr(torchvision_kernels, 'kernels', lambda: None)
    assert backend_name().startswith('no torchvision; own operators (nms, ')
    monkeypatch.setattr(torchvision_kernels, 'kernels', lambda: ModuleType('torchvision.ops'))
    assert backend_name().startswith('torchvision on the GPU (nms, roi_align); own operators (')


def test_own_operators_are_those_that_mmcv_calls():
    names = [name for functions in module.OWN.values() for name in functions]
    ext = importlib.import_module('mmcv._ext')
    for operator, functions in module.OWN.items():
        for name in functions:
            assert getattr(ext, name).__module__ == f'mmholdout.ops.{operator}'
    sources = Path(importlib.import_module('mmcv.ops').__file__).parent
    called = ''.join((sources / f'{operator}.py').read_text() for operator in CALLERS)
    assert all(f'ext_module.{name}(' in called for name in names)


def test_every_operator_is_there_and_a_missing_one_says_how_to_get_it_when_called():
    from mmcv.utils import ext_loader

    loaded = ext_loader.load_ext('_ext', ['nms', 'nms_match', 'deform_conv_forward'])
    message = r"'nms_match' .*own operators: nms, soft_nms, roi_align, .*pip install"
    with pytest.raises(MissingOperatorError, match=message):
        loaded.nms_match(torch.zeros(1, 5), iou_threshold=0.5)
    with pytest.raises(AttributeError):
        loaded.__wrapped__  # noqa: B018


def test_a_missing_operator_reached_through_mmcv():
    from mmcv.ops import nms_match

    with pytest.raises(MissingOperatorError, match='nms_match'):
        nms_match(torch.zeros(1, 5), 0.5)


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
