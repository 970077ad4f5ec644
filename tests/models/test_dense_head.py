from __future__ import annotations

import pytest
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.models.dense_head import dense_head, detector_of


def test_the_head_of_each_plain_detector(build, model_config, other_detectors):
    for cfg in (model_config(), *other_detectors.values()):
        model = build(cfg)
        assert dense_head(model) is model.bbox_head


def test_a_wrapped_detector(build, model_config):
    from mmengine.model import is_model_wrapper

    model = build(model_config())
    wrapped = nn.DataParallel(model)
    assert is_model_wrapper(wrapped)
    assert detector_of(wrapped) is model
    assert dense_head(wrapped) is model.bbox_head


def test_a_head_that_puts_out_something_else_in_training(build, other_detectors):
    cfg = other_detectors['FCOS']
    cfg['bbox_head'].update(norm_on_bbox=True)
    with pytest.raises(ConfigError, match=r'FCOSHead of FCOS .*evaluation\.loss=False'):
        dense_head(build(cfg))


def test_a_head_with_a_loss_of_its_own(build, model_config):
    from mmholdout.models.ssd_head import SSDHead
    from mmholdout.registry import MODELS

    class OwnLoss(SSDHead):
        def loss(self, x, batch_data_samples):
            return super().loss(x, batch_data_samples)

    with MODELS.switch_scope_and_registry('mmholdout'):
        MODELS.register_module(module=OwnLoss, force=True)
    try:
        with pytest.raises(ConfigError, match='OwnLoss of ChannelsLastDetector'):
            dense_head(build(model_config(type='OwnLoss')))
    finally:
        MODELS.module_dict.pop('OwnLoss')


def test_two_stage_detectors_and_other_modules_are_named():
    from mmdet.models.detectors import DETR, FasterRCNN

    for cls in (DETR, FasterRCNN, nn.Linear):
        model = cls.__new__(cls)
        nn.Module.__init__(model)
        with pytest.raises(ConfigError, match=rf'{cls.__name__} .*evaluation\.loss=False'):
            dense_head(model)
