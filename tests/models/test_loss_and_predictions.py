from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from mmdet.models.dense_heads import vfnet_head
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from mmholdout.errors import ConfigError
from mmholdout.models.loss_and_predictions import GroupedLoss, forward_eval, one_pass
from mmholdout.models.without_trace import without_trace

GROUP = 4
DETECTORS = Path(__file__).parents[1] / 'integration' / 'detectors'
KINDS = sorted(path.stem for path in DETECTORS.glob('*.py') if path.stem != 'common')


def cut(data, start, stop):
    return {key: copy.deepcopy(value[start:stop]) for key, value in data.items()}


def cascade(config):
    """Cascade R-CNN of two stages, out of the Faster R-CNN."""
    config.type, config.roi_head.type = 'CascadeRCNN', 'CascadeRoIHead'
    config.roi_head.update(num_stages=2, stage_loss_weights=[1, 0.5])
    config.roi_head.bbox_head = [config.roi_head.bbox_head] * 2
    config.train_cfg.rcnn = [config.train_cfg.rcnn] * 2
    return config


def center_net(config):
    """CenterNet2's head, out of the FCOS: it too scales its boxes in eval mode only."""
    config.type, head = 'CenterNet', config.bbox_head
    loss = dict(type='GaussianFocalLoss', pos_weight=0.25, neg_weight=0.75)
    unused = ('norm_on_bbox', 'centerness_on_reg', 'center_sampling', 'conv_bias')
    config.bbox_head = {key: value for key, value in head.items() if key not in unused}
    config.bbox_head.update(type='CenterNetUpdateHead', soft_weight_on_reg=False, loss_cls=loss)
    return config


class PlainInPlaceOfDeformed(torch.nn.Conv2d):
    """Takes the offsets that a deformable convolution takes, an operator that is not supplied."""

    def forward(self, x, offset):
        return super().forward(x) + offset.mean((1, 2, 3), keepdim=True)


def vf_net(config):
    """VFNet's head, out of the FCOS: in eval mode it puts out less, and scales the boxes."""
    config.type, head = 'VFNet', config.bbox_head
    unused = ('norm_on_bbox', 'centerness_on_reg', 'conv_bias', 'loss_bbox')
    config.bbox_head = {key: value for key, value in head.items() if key not in unused}
    anchors = dict(ratios=[1.0], octave_base_scale=8, scales_per_octave=1, center_offset=0.0)
    anchors.update(type='AnchorGenerator', strides=head.strides)
    config.bbox_head.update(type='VFNetHead', center_sampling=False, anchor_generator=anchors)
    config.train_cfg = dict(assigner=dict(type='ATSSAssigner', topk=9), allowed_border=-1)
    config.train_cfg.update(pos_weight=-1, debug=False)
    return config


VARIANTS = {
    'cascade': ('faster_rcnn', cascade),
    'center_net': ('fcos', center_net),
    'vf_net': ('fcos', vf_net),
}


@pytest.fixture(params=[*KINDS, *VARIANTS])
def detector(request, build, detector_config, monkeypatch):
    monkeypatch.setattr(vfnet_head, 'DeformConv2d', PlainInPlaceOfDeformed)
    name, change = VARIANTS.get(request.param, (request.param, lambda config: config))
    return build(change(detector_config(name)))


def training_loss(detector, data):
    """Of one training step in which BatchNorm and dropout are frozen, image-weighted terms."""
    detector.train()
    for module in detector.modules():
        if isinstance(module, (_BatchNorm, _DropoutNd)):
            module.eval()
    inputs = detector.data_preprocessor(data, True)
    with torch.no_grad(), without_trace(detector):  # the draws of the samplers
        values = detector.parse_losses(detector(**inputs, mode='loss'))[1]
    detector.eval()
    return {key: float(value) * len(inputs['data_samples']) for key, value in values.items()}


def test_loss_of_groups_is_the_training_loss_whatever_the_forward_batch(detector, batch):
    data, parts = batch(10, size=96), {}
    for start in range(0, 10, GROUP):  # 4, 4 and 2 images
        for key, value in training_loss(detector, cut(data, start, start + GROUP)).items():
            parts[key] = parts.get(key, 0) + value
    for size in (3, 8):
        grouped = GroupedLoss(detector, GROUP)
        for start in range(0, 10, size):
            with torch.no_grad():
                grouped.add(forward_eval(detector, cut(data, start, start + size))[1])
        values = grouped.finish()
        assert values.keys() == parts.keys()
        for key, value in parts.items():
            assert values[key] == pytest.approx(value / 10, rel=1e-5, abs=1e-6), (size, key)


def test_predictions_equal_those_of_the_model_bit_for_bit(detector, batch):
    data = batch(5, size=96)
    with torch.no_grad():
        expected = detector.val_step(copy.deepcopy(data))
        got, raw = forward_eval(detector, copy.deepcopy(data))
    assert len(raw) == 5
    assert sum(len(sample.pred_instances) for sample in expected) > 0
    for one, other in zip(expected, got, strict=True):
        for key in ('bboxes', 'scores', 'labels'):
            assert torch.equal(one.pred_instances[key], other.pred_instances[key])
        assert one.img_id == other.img_id


def test_the_training_form_matters(build, detector_config, batch):
    """Else the heads that differ in eval mode would prove nothing: their eval form is refuted."""
    data = batch(4, size=96)
    detector = build(detector_config('fcos'))
    expected = training_loss(detector, copy.deepcopy(data))['loss'] / 4
    with torch.no_grad():
        raw = forward_eval(detector, copy.deepcopy(data))[1]
        outs = detector.bbox_head(detector.extract_feat(detector.data_preprocessor(data)['inputs']))
    steps = one_pass(detector)
    total = {}
    for name, form in (('training', raw), ('eval', replace(raw, outs=outs))):
        total[name] = sum(float(value) for value in steps.loss(form).values())
    assert total['training'] == pytest.approx(expected, rel=1e-5)
    assert total['eval'] != pytest.approx(expected, rel=1e-4)  # by 1e-3


def test_other_detectors_are_named():
    from mmdet.models.detectors import DETR, YOLACT

    for cls in (DETR, YOLACT, torch.nn.Linear):
        model = cls.__new__(cls)
        torch.nn.Module.__init__(model)
        with pytest.raises(ConfigError, match=rf'{cls.__name__} .*evaluation\.loss=False'):
            one_pass(model)


def test_the_grouping_matters(build, model_config, batch):
    """Else the tests above would prove nothing."""
    detector = build(model_config())
    losses = set()
    for group in (1, 4, 10):
        grouped = GroupedLoss(detector, group)
        with torch.no_grad():
            grouped.add(forward_eval(detector, batch(10))[1])
        losses.add(round(grouped.finish()['loss'], 4))
    assert len(losses) == 3


def test_no_image_gives_no_values(build, model_config):
    assert GroupedLoss(build(model_config()), 4).finish() == {}


def test_divergence_is_shown(build, model_config, batch):
    detector = build(model_config())
    torch.nn.init.constant_(detector.bbox_head.cls_convs[0][-1].bias, float('nan'))
    grouped = GroupedLoss(detector, 2)
    with torch.no_grad():
        grouped.add(forward_eval(detector, batch(2))[1])
    assert grouped.finish()['loss'] != grouped.finish()['loss']


def test_a_pipeline_without_ground_truth_is_named(build, model_config, batch):
    data = batch(1)
    del data['data_samples'][0].gt_instances
    with pytest.raises(ConfigError, match='LoadAnnotations'):
        forward_eval(build(model_config()), data)


def test_differently_padded_images_of_one_group_are_an_error(build, model_config, batch):
    detector = build(model_config())
    grouped = GroupedLoss(detector, 2)
    with torch.no_grad():
        grouped.add(forward_eval(detector, batch(1, size=64))[1])
        with pytest.raises(ConfigError, match=r'val_dataloader\.batch_size'):
            grouped.add(forward_eval(detector, batch(1, size=96))[1])


def test_differently_padded_groups_are_none(build, model_config, batch):
    detector = build(model_config())
    grouped = GroupedLoss(detector, 2)
    with torch.no_grad():
        grouped.add(forward_eval(detector, batch(2, size=64))[1])
        grouped.add(forward_eval(detector, batch(2, size=[(96, 64), (64, 96)]))[1])
    assert grouped.finish()['loss'] > 0
