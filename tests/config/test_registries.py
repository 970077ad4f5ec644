from __future__ import annotations

import subprocess
import sys

import pytest

from mmholdout.config.registries import find, known, signature
from mmholdout.registry import HOOKS


@pytest.mark.parametrize(
    ('registries', 'name'),
    [
        (('MODELS', 'TASK_UTILS'), 'SSDHead'),
        (('MODELS', 'TASK_UTILS'), 'MaxIoUAssigner'),
        (('MODELS',), 'mmdet.MobileNetV2'),
        (('MODELS',), 'BN'),
        (('MODELS',), 'ReLU6'),
        (('TRANSFORMS',), 'PhotoMetricDistortion'),
        (('TRANSFORMS',), 'LoadImageFromFile'),
        (('DATASETS',), 'ConcatDataset'),
        (('OPTIMIZERS',), 'SGD'),
        (('OPTIM_WRAPPERS',), 'OptimWrapper'),
        (('WEIGHT_INITIALIZERS',), 'TruncNormal'),
        (('HOOKS',), 'EarlyStoppingHook'),
        (('LOOPS',), 'TrainLoop'),
        (('METRICS',), 'VOCMetric'),
    ],
)
def test_names_of_every_kind(registries, name):
    assert signature(registries, name) is not None
    assert name.rpartition('.')[2] in known(registries) or find(registries, name) is not None


@pytest.mark.parametrize('name', ['SDG', 'nothing.SGD', 'sgd', ''])
def test_unknown_names(name):
    assert signature(('OPTIMIZERS',), name) is None


def test_ours_win_over_mmdets_and_mmengines():
    assert find(('METRICS',), 'VOCMetric').__module__.startswith('mmholdout')
    assert find(('HOOKS',), 'EarlyStoppingHook').__module__.startswith('mmholdout')
    assert 'rule' not in signature(('HOOKS',), 'EarlyStoppingHook').keywords
    assert find(('METRICS',), 'mmdet.VOCMetric').__module__.startswith('mmdet')


def test_a_users_class_is_found_and_comes_first():
    class EarlyStoppingHookOfATest:
        def __init__(self, wish=1):
            pass

    HOOKS.register_module(module=EarlyStoppingHookOfATest)
    try:
        assert signature(('HOOKS',), 'EarlyStoppingHookOfATest').keywords == {'wish'}
        assert signature(('HOOKS',), EarlyStoppingHookOfATest).keywords == {'wish'}
    finally:
        HOOKS.module_dict.pop('EarlyStoppingHookOfATest')


def test_known_names_are_not_imported_to_be_checked():
    code = (
        'import sys\n'
        'from mmholdout.config.registries import signature\n'
        'import mmholdout.registry\n'
        'before = set(sys.modules)\n'
        "for r, n in (('MODELS', 'SSDHead'), ('LOOPS', 'TrainLoop'), ('DATASETS', 'VOCDataset')):\n"
        '    assert signature((r,), n) is not None\n'
        'new = {m.split(".")[0] for m in set(sys.modules) - before}\n'
        "print(sorted(new & {'mmdet', 'mmengine', 'mmcv', 'torch'}))"
    )
    out = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert out.stdout.splitlines()[-1] == '[]'
