from __future__ import annotations

import pytest
import torch
from mmdet.models.detectors import DETR, FCOS, CascadeRCNN, FasterRCNN
from mmdet.models.roi_heads import DynamicRoIHead, StandardRoIHead
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.models.loss_and_predictions import forward_eval
from mmholdout.models.two_stage import TwoStagePass
from mmholdout.models.without_trace import without_trace


@pytest.fixture
def detector(build, detector_config):
    return build(detector_config('faster_rcnn'))


def blank(cls):
    module = cls.__new__(cls)
    nn.Module.__init__(module)
    return module


def test_which_detectors_fit(detector):
    assert TwoStagePass.fits(detector)
    assert TwoStagePass.fits(blank(CascadeRCNN))
    own = type('Own', (FasterRCNN,), {'predict': lambda self: None})
    for cls in (own, FCOS, DETR, nn.Linear):
        assert not TwoStagePass.fits(blank(cls))


def test_no_rpn(build, detector_config):
    cfg = detector_config('faster_rcnn')
    cfg.type = 'FastRCNN'
    cfg.pop('rpn_head')
    cfg.train_cfg.pop('rpn')
    with pytest.raises(ConfigError, match=r'FastRCNN has no RPN.*evaluation\.loss=False'):
        TwoStagePass(build(cfg))


def test_a_roi_head_that_keeps_count_fits(detector):
    detector.roi_head.__class__ = DynamicRoIHead  # what it counts is put back, see guarantees
    TwoStagePass(detector)


def test_a_roi_head_with_a_loss_of_its_own(detector):
    detector.roi_head.__class__ = type('Own', (StandardRoIHead,), {'loss': lambda self: {}})
    with pytest.raises(ConfigError, match=r'Own of FasterRCNN .*evaluation\.loss=False'):
        TwoStagePass(detector)


def test_the_backbone_and_the_rpn_run_once(detector, batch):
    calls = []
    for part in (detector.backbone, detector.neck, detector.rpn_head):
        part.register_forward_hook(lambda module, *_: calls.append(type(module).__name__))
    with torch.no_grad():
        _, raw = forward_eval(detector, batch(3, size=96))
        TwoStagePass(detector).loss(raw)
    assert calls == ['ResNet', 'FPN', 'RPNHead']


def test_training_proposals_decide_the_loss(detector, batch):
    """And not those of testing."""

    def loss():
        with torch.no_grad(), without_trace():
            raw = forward_eval(detector, batch(3, size=96))[1]
            return float(TwoStagePass(detector).loss(raw)['loss_cls'])

    as_is = loss()
    detector.rpn_head.test_cfg.max_per_img = 3
    assert loss() == as_is
    detector.train_cfg.rpn_proposal.max_per_img = 3
    assert loss() != as_is


def test_parts_of_the_rpn_carry_its_name(detector, batch):
    with torch.no_grad():
        parts = TwoStagePass(detector).loss(forward_eval(detector, batch(2, size=96))[1])
    assert set(parts) == {'loss_rpn_cls', 'loss_rpn_bbox', 'loss_cls', 'loss_bbox', 'acc'}
