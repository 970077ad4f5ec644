from __future__ import annotations

import pytest

from mmholdout.config.places import extra_keys, is_nms, registries_at


@pytest.mark.parametrize(
    ('path', 'expected'),
    [
        ((), None),
        (('model',), ('MODELS', 'TASK_UTILS')),
        (('model', 'bbox_head', 'anchor_generator'), ('MODELS', 'TASK_UTILS')),
        (('model', 'backbone', 'init_cfg'), ('WEIGHT_INITIALIZERS',)),
        (('model', 'backbone', 'init_cfg', 0), ('WEIGHT_INITIALIZERS',)),
        (('model', 'roi_head', 'bbox_roi_extractor', 'roi_layer'), None),
        (('model', 'neck', 'same_up_trans'), None),
        (('train_dataloader',), None),
        (('train_dataloader', 'dataset'), ('DATASETS',)),
        (('train_dataloader', 'dataset', 'datasets', 1), ('DATASETS',)),
        (('train_dataloader', 'dataset', 'pipeline', 0), ('TRANSFORMS',)),
        (('train_dataloader', 'dataset', 'metainfo'), None),
        (('val_dataloader', 'sampler'), None),
        (('optim_wrapper',), ('OPTIM_WRAPPERS',)),
        (('optim_wrapper', 'optimizer'), ('OPTIMIZERS',)),
        (('optim_wrapper', 'clip_grad'), None),
        (('train_cfg',), ('LOOPS',)),
        (('val_evaluator',), ('METRICS',)),
        (('val_evaluator', 0), ('METRICS',)),
        (('custom_hooks', 2), ('HOOKS',)),
        (('custom_hooks', 2, 'inner'), None),
        (('default_hooks', 'console'), ('HOOKS',)),
        (('schedule',), None),
    ],
)
def test_which_registry(path, expected):
    assert registries_at(path) == expected


def test_nms_is_a_function_of_a_model():
    assert is_nms(('model', 'test_cfg', 'nms'))
    assert not is_nms(('model', 'test_cfg'))


def test_what_a_builder_takes_itself():
    assert 'requires_grad' in extra_keys(('model', 'backbone', 'norm_cfg'))
    assert 'priority' in extra_keys(('custom_hooks', 0))
    assert 'constructor' in extra_keys(('optim_wrapper',))
    assert not extra_keys(('model', 'backbone'))
