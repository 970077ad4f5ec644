from __future__ import annotations

import copy

import pytest
import torch

from mmholdout.errors import ConfigError
from mmholdout.models.loss_and_predictions import GroupedLoss, forward_eval

GROUP = 4
KINDS = ('SSD', 'RetinaNet', 'FCOS', 'ATSS', 'YOLOV3', 'YOLOX')


def cut(data, start, stop):
    return {key: copy.deepcopy(value[start:stop]) for key, value in data.items()}


@pytest.fixture
def detector(request, build, model_config, other_detectors):
    kind = request.param
    return build(model_config() if kind == 'SSD' else other_detectors[kind])


@pytest.mark.parametrize('detector', KINDS, indirect=True)
def test_loss_of_groups_is_the_training_loss_whatever_the_forward_batch(detector, batch):
    data = batch(10)
    expected = 0.0
    parts = {}
    with torch.no_grad():
        for start in range(0, 10, GROUP):  # 4, 4 and 2 images
            group = detector.data_preprocessor(cut(data, start, start + GROUP), False)
            total, values = detector.parse_losses(
                detector.loss(group['inputs'], group['data_samples'])
            )
            expected += float(total) * len(group['data_samples'])
            for key, value in values.items():
                parts[key] = parts.get(key, 0) + float(value) * len(group['data_samples'])
        for size in (1, 3, 5, 8):
            grouped = GroupedLoss(detector, GROUP)
            for start in range(0, 10, size):
                grouped.add(forward_eval(detector, cut(data, start, start + size))[1])
            values = grouped.finish()
            assert values['loss'] == pytest.approx(expected / 10, rel=1e-6), size
            for key, value in parts.items():
                assert values[key] == pytest.approx(value / 10, rel=1e-5, abs=1e-6), (size, key)


@pytest.mark.parametrize('detector', KINDS, indirect=True)
def test_predictions_equal_those_of_the_model_bit_for_bit(detector, batch):
    data = batch(5)
    with torch.no_grad():
        expected = detector.val_step(copy.deepcopy(data))
        got, raw = forward_eval(detector, copy.deepcopy(data))
    assert len(raw) == 5
    assert sum(len(sample.pred_instances) for sample in expected) > 0
    for one, other in zip(expected, got, strict=True):
        for key in ('bboxes', 'scores', 'labels'):
            assert torch.equal(one.pred_instances[key], other.pred_instances[key])
        assert one.img_id == other.img_id


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
        grouped.add(forward_eval(detector, batch(2, seed=1))[1])
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
