"""The loss and the gradients of mmdet's SSDHead."""

from __future__ import annotations

import copy

import pytest
import torch
from mmdet.models.dense_heads import SSDHead as MMDetSSDHead
from mmdet.models.utils import unpack_gt_instances
from mmengine.structures import InstanceData

from mmholdout.models.batched_ssd_loss import batched_ssd_loss, fits_batched_loss


@pytest.fixture
def head(build, model_config):
    return build(model_config()).bbox_head


@pytest.fixture
def outputs(build, model_config, batch):
    model = build(model_config())
    data = model.data_preprocessor(batch(4), True)
    with torch.no_grad():
        outs = model.bbox_head(model.extract_feat(data['inputs']))
    return outs, *unpack_gt_instances(data['data_samples'])


def both(head, outputs):
    """Losses of each image and gradients of the outputs, ours and mmdet's."""
    (scores, preds), truth, ignored, metas = outputs
    results = []
    for ours in (True, False):
        leaves = [[m.clone().requires_grad_() for m in maps] for maps in (scores, preds)]
        if ours:
            assert fits_batched_loss(head, leaves[0], metas)
            losses = batched_ssd_loss(head, *leaves, truth)
        else:
            losses = MMDetSSDHead.loss_by_feat(head, *leaves, truth, metas, ignored)
        values = {k: torch.stack([v.reshape(()) for v in each]) for k, each in losses.items()}
        sum(v.sum() for v in values.values()).backward()
        results.append((values, [m.grad for maps in leaves for m in maps]))
    return results


def same(head, outputs):
    (ours, our_grads), (theirs, their_grads) = both(head, outputs)
    assert ours.keys() == theirs.keys()
    for key, value in ours.items():
        torch.testing.assert_close(value, theirs[key], rtol=1e-6, atol=1e-7)
    for mine, other in zip(our_grads, their_grads, strict=True):
        torch.testing.assert_close(mine, other, rtol=1e-5, atol=1e-8)
    return ours


def test_losses_and_gradients(head, outputs):
    values = same(head, outputs)
    assert (values['loss_cls'] > 0).any() and (values['loss_bbox'] > 0).any()


def test_images_without_objects(head, outputs):
    outs, truth, ignored, metas = outputs
    none = InstanceData(bboxes=torch.zeros(0, 4), labels=torch.zeros(0, dtype=torch.long))
    values = same(head, (outs, [none, *truth[1:]], ignored, metas))
    assert values['loss_cls'][0] == 0
    values = same(head, (outs, [none] * len(truth), ignored, metas))
    assert values['loss_cls'].sum() == 0


def test_more_negatives_wanted_than_there_are(head, outputs):
    head.train_cfg = copy.deepcopy(head.train_cfg)
    head.train_cfg['neg_pos_ratio'] = 10**6
    same(head, outputs)


def test_priors_that_are_neither(head, outputs):
    head.assigner.neg_iou_thr = 0.1
    same(head, outputs)


def test_a_box_without_area_is_no_target(head, outputs):
    (scores, preds), truth, _, _ = outputs
    flat = InstanceData(
        bboxes=torch.cat([truth[0].bboxes, torch.tensor([[5.0, 5, 5, 9]])]),
        labels=torch.cat([truth[0].labels, torch.tensor([0])]),
    )
    plain = batched_ssd_loss(head, scores, preds, truth)
    with_flat = batched_ssd_loss(head, scores, preds, [flat, *truth[1:]])
    assert torch.equal(torch.stack(plain['loss_cls']), torch.stack(with_flat['loss_cls']))
    assert torch.equal(torch.stack(plain['loss_bbox']), torch.stack(with_flat['loss_bbox']))


@pytest.mark.parametrize('value', [float('nan'), float('inf')])
def test_a_divergent_network_is_not_hidden(head, outputs, value):
    (scores, preds), truth, _, _ = outputs
    wild = [scores[0].clone(), *scores[1:]]
    wild[0][:, 0] = value
    losses = batched_ssd_loss(head, wild, preds, truth)
    assert not torch.isfinite(torch.stack(losses['loss_cls'])).all()


@pytest.mark.parametrize(
    ('name', 'value'), [('allowed_border', 0), ('pos_weight', 2.0), ('smoothl1_beta', 0.0)]
)
def test_other_settings_are_left_to_mmdet(head, outputs, name, value):
    (scores, _), _, _, metas = outputs
    assert fits_batched_loss(head, scores, metas)
    head.train_cfg = copy.deepcopy(head.train_cfg)
    head.train_cfg[name] = value
    assert not fits_batched_loss(head, scores, metas)


def test_images_padded_to_the_size_of_others_are_left_to_mmdet(head, outputs):
    (scores, _), _, _, metas = outputs
    height, width = metas[0]['pad_shape']
    assert not fits_batched_loss(head, scores, [metas[0], dict(pad_shape=(height // 2, width))])
