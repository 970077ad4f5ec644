from __future__ import annotations

import pytest
import torch
from mmdet.models.detectors import FCOS, RPN, FasterRCNN, SingleStageDetector
from torch import nn

from mmholdout.models.single_stage import SingleStagePass

SINGLE = ('ssd', 'yolov3', 'yolox', 'retinanet', 'fcos', 'atss', 'rtmdet')


def blank(cls):
    module = cls.__new__(cls)
    nn.Module.__init__(module)
    return module


@pytest.mark.parametrize('name', SINGLE)
def test_each_detector_fits(build, detector_config, name):
    model = build(detector_config(name))
    assert SingleStagePass.fits(model)
    assert SingleStagePass(model).head is model.bbox_head


def test_others_do_not():
    own = type('Own', (SingleStageDetector,), {'loss': lambda self: None})
    assert SingleStagePass.fits(blank(FCOS))
    for cls in (own, RPN, FasterRCNN, nn.Linear):
        assert not SingleStagePass.fits(blank(cls))


def test_the_loss_sees_a_head_in_training(build, detector_config, batch, monkeypatch):
    """And nothing below it."""
    model = build(detector_config('fcos'))
    head, seen = model.bbox_head, []
    steps = SingleStagePass(model)
    original = head.loss_by_feat

    def loss_by_feat(*args):
        seen.append((head.training, head.cls_convs[0].training))
        return original(*args)

    monkeypatch.setattr(head, 'loss_by_feat', loss_by_feat)
    from mmholdout.models.loss_and_predictions import GroupedLoss, forward_eval

    grouped = GroupedLoss(model, 2)
    with torch.no_grad():
        grouped.add(forward_eval(model, batch(2, size=96))[1])
    assert seen == [(True, False)]
    assert not head.training
    assert steps.modules == (head,)
