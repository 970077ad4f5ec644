from __future__ import annotations

import subprocess
import sys

import pytest
from mmdet import registry as mmdet_registry
from mmengine.registry import Registry

from mmholdout import registry

NAMES = sorted(
    name
    for name, value in vars(mmdet_registry).items()
    if isinstance(value, Registry) and value.scope == 'mmdet'
)


def test_there_are_registries_to_compare():
    assert {'MODELS', 'HOOKS', 'METRICS'} <= set(NAMES)


@pytest.mark.parametrize('name', NAMES)
def test_every_registry_of_mmdet_has_a_child(name):
    child = getattr(registry, name)
    assert child.scope == 'mmholdout'
    assert child.parent is getattr(mmdet_registry, name)


def test_mmdet_types_are_found_by_name_and_ours_come_first():
    from mmholdout.models.ssd_head import SSDHead

    assert registry.MODELS.get('FocalLoss').__module__.startswith('mmdet')
    assert registry.MODELS.get('SSDHead') is SSDHead
    assert registry.MODELS.get('mmdet.SSDHead') is not SSDHead


def test_importing_it_is_silent_even_with_all_warnings_shown():
    code = 'import mmholdout.models, mmdet.models, mmdet.datasets'
    done = subprocess.run(
        [sys.executable, '-W', 'default', '-c', code], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ('', '')
