"""Losses and heads that count what they have seen: validated with, and their counts untouched.

SeesawLoss, EQL v2 and GHM count in buffers, Dynamic R-CNN in lists and thresholds, DDOD in a list.
What the loss of validation counts is put back; what anybody else writes is an error that names it.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmengine.structures import InstanceData

from mmholdout.errors import ImpureValidationError
from mmholdout.loops.held_out import held_out
from mmholdout.loops.purity import pure
from mmholdout.models import loss_and_predictions
from mmholdout.models.loss_and_predictions import GroupedLoss, forward_eval
from mmholdout.models.model_state import state_of
from mmholdout.models.tensor_digests import tensor_digests
from mmholdout.registry import MODELS

COMPONENTS = Path(__file__).parent / 'components'
# What the loss of validation would change, were it not put back.
COUNTED = {
    'seesaw_loss': 'roi_head.bbox_head.loss_cls.cum_samples',
    'eqlv2_loss': 'roi_head.bbox_head.loss_cls.pos_grad',
    'ghm_loss': 'bbox_head.loss_cls.acc_sum',
    'dynamic_roi_head': 'roi_head.bbox_assigner.pos_iou_thr',
    'ddod_head': 'bbox_head.cls_num_pos_samples_per_level',
}

LISTS = (COUNTED['ddod_head'],)

pytestmark = pytest.mark.guarantee


@pytest.fixture(scope='module', params=COUNTED)
def trained(request):
    """A model that has made a training step, and the name of what it counts."""
    config = Config.fromfile(COMPONENTS / f'{request.param}.py')
    with DefaultScope.overwrite_default_scope('mmholdout'):
        torch.manual_seed(0)
        model = MODELS.build(config.model)
    data = model.data_preprocessor(batch(), True)
    model.parse_losses(model(**data, mode='loss'))[0].backward()
    return model, COUNTED[request.param]


def batch():
    images, samples = [], []
    for index in range(4):
        images.append(torch.randint(0, 256, (3, 64, 64), dtype=torch.uint8))
        metas = dict(img_shape=(64, 64), ori_shape=(64, 64), scale_factor=(1.0, 1.0))
        sample = DetDataSample(metainfo=metas)
        boxes = torch.tensor([[8.0, 8.0, 40.0, 40.0], [20.0, 4.0, 60.0, 30.0]])[: index % 3]
        labels = torch.arange(len(boxes))
        sample.gt_instances = InstanceData(bboxes=boxes, labels=labels)
        sample.ignored_instances = InstanceData(bboxes=boxes[:0], labels=labels[:0])
        samples.append(sample)
    return dict(inputs=images, data_samples=samples)


def losses(model):
    """Of two groups of two images."""
    grouped = GroupedLoss(model, 2)
    grouped.add(forward_eval(model, fixed)[1])
    return grouped.finish()


def validate(model):
    """Twice, within all guards of a validation."""
    with pure(model), held_out(model):
        return losses(model), losses(model)


torch.manual_seed(1)
fixed = batch()


def state(model):
    tensors, values = state_of(model)
    return {**tensor_digests(tensors), **values}


def test_validated_with_and_left_as_they_were(trained):
    model, counted = trained
    before = state(model)
    assert counted in before
    first, second = validate(model)
    assert first == second  # neither saw what the other counted
    assert state(model) == before


@pytest.fixture
def nothing_put_back(monkeypatch):
    monkeypatch.setattr(loss_and_predictions, 'without_trace', lambda *_: nullcontext())


def test_without_being_put_back_the_counts_are_named(trained, nothing_put_back):
    """But for a list, whose members are put back after a validation whoever has changed them."""
    model, counted = trained
    if counted not in LISTS:
        with pytest.raises(ImpureValidationError, match=re.escape(counted)):
            validate(model)
        return
    before = state(model)[counted]
    with held_out(model):
        losses(model)
    assert state(model)[counted] != before


def test_what_somebody_else_writes_is_named(trained):
    """A hook that counts on, in buffers, thresholds or numbers, is not put back in silence."""
    model, counted = trained
    path, _, key = counted.rpartition('.')
    owner = model
    for part in path.split('.'):
        owner = getattr(owner, part)
    value = getattr(owner, key)
    if counted in LISTS:
        pytest.skip('the members of lists are put back, whoever writes them')
    with pytest.raises(ImpureValidationError, match=re.escape(counted)), pure(model):
        setattr(owner, key, value + 1)
    setattr(owner, key, value)
