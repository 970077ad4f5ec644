from __future__ import annotations

import copy

import pytest
import torch
from mmdet.models.utils import unpack_gt_instances
from mmengine.structures import InstanceData

from mmholdout.models.ssd_head import SSDHead


@pytest.fixture
def model(build, model_config):
    return build(model_config())


def mmdet_head(model, build, model_config):
    theirs = build(model_config(type='mmdet.SSDHead'))
    assert type(theirs.bbox_head) is not SSDHead
    theirs.load_state_dict(model.state_dict())
    return theirs.bbox_head


def loss_of(model, data, train=False):
    model.train(train)
    data = model.data_preprocessor(copy.deepcopy(data), train)
    losses = model.loss(data['inputs'], data['data_samples'])
    return model.parse_losses(losses)[0]


def test_it_can_validate(model, batch):
    with torch.no_grad():
        samples = model.val_step(batch(2))
    assert [len(sample.pred_instances) <= 100 for sample in samples] == [True, True]
    assert len(samples[0].pred_instances)


def rows(instances):
    """Best first; equal scores, whose order mmdet leaves open, by their labels and boxes."""
    columns = instances.scores[:, None], instances.labels[:, None], instances.bboxes
    return sorted(torch.cat(columns, 1).tolist(), key=lambda row: (-row[0], *row[1:]))


@pytest.mark.parametrize('score_thr', [0.02, 0.2, 0.5, 0.99])
@pytest.mark.parametrize('nms_pre', [20, 100000])
@pytest.mark.parametrize('min_bbox_size', [0, 12])
def test_detections_equal_those_of_mmdet(
    model, batch, build, model_config, score_thr, nms_pre, min_bbox_size
):
    theirs = mmdet_head(model, build, model_config)
    cfg = copy.deepcopy(model.bbox_head.test_cfg)
    cfg.update(score_thr=score_thr, nms_pre=nms_pre, min_bbox_size=min_bbox_size)
    data = model.data_preprocessor(batch(4), False)
    metas = [sample.metainfo for sample in data['data_samples']]
    with torch.no_grad():
        outs = model.bbox_head(model.extract_feat(data['inputs']))
        for rescale in (False, True):
            for with_nms in (False, True):
                arguments = dict(batch_img_metas=metas, cfg=cfg, rescale=rescale, with_nms=with_nms)
                ours = model.bbox_head.predict_by_feat(*outs, **arguments)
                for one, other in zip(ours, theirs.predict_by_feat(*outs, **arguments)):
                    assert rows(one) == rows(other)


def test_losses_equal_those_of_mmdet(model, batch, build, model_config):
    theirs = mmdet_head(model, build, model_config)
    data = model.data_preprocessor(batch(6), False)
    targets = unpack_gt_instances(data['data_samples'])
    outs = model.bbox_head(model.extract_feat(data['inputs']))
    ours = model.bbox_head.loss_by_feat(*outs, targets[0], targets[2], targets[1])
    other = theirs.loss_by_feat(*outs, targets[0], targets[2], targets[1])
    assert ours.keys() == other.keys() == {'loss_cls', 'loss_bbox'}
    for key, values in ours.items():
        assert [float(v.detach()) for v in values] == [float(v.detach()) for v in other[key]]


def test_a_batch_without_objects_has_loss_zero_and_finite_gradients(model, batch):
    data = batch(3)
    for sample in data['data_samples']:
        sample.gt_instances = sample.gt_instances[:0]
    loss = loss_of(model, data, train=True)
    assert float(loss.detach()) == 0
    loss.backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)


def test_an_image_without_objects_adds_nothing_and_counts_as_one_positive(model, batch):
    """Hard negatives are drawn per image, for its own positives."""
    data = batch(1, seed=1)
    positives = positives_of(model, data)
    assert positives > 1
    alone = float(loss_of(model, data).detach())
    empty = batch(1)
    assert len(empty['data_samples'][0].gt_instances) == 0
    both = {key: data[key] + empty[key] for key in data}
    expected = alone * positives / (positives + 1)
    assert float(loss_of(model, both).detach()) == pytest.approx(expected, rel=1e-5)


def positives_of(model, data):
    data = model.data_preprocessor(copy.deepcopy(data), False)
    targets, _, metas = unpack_gt_instances(data['data_samples'])
    outs = model.bbox_head(model.extract_feat(data['inputs']))
    sizes = [scores.shape[-2:] for scores in outs[0]]
    anchors = model.bbox_head.get_anchors(sizes, metas, device='cpu')
    labels = torch.cat(model.bbox_head.get_targets(*anchors, targets, metas)[0], 1)
    return int((labels < model.bbox_head.num_classes).sum())


@pytest.mark.parametrize(
    'box', [[20, 20, 20, 40], [20, 20, 40, 20], [5, 5, 5, 5], [40, 40, 20, 20]]
)
def test_a_box_without_area_is_no_target(model, batch, box):
    data = batch(2, seed=1)
    expected = float(loss_of(model, data).detach())
    instances = data['data_samples'][0].gt_instances
    extra = InstanceData(bboxes=torch.tensor([box]).float(), labels=torch.tensor([2]))
    data['data_samples'][0].gt_instances = InstanceData.cat([extra, instances])
    assert float(loss_of(model, data).detach()) == pytest.approx(expected)
    loss = loss_of(model, data, train=True)
    loss.backward()
    assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)


def test_divergence_is_not_hidden(model, batch):
    torch.nn.init.constant_(model.bbox_head.reg_convs[0][-1].bias, float('nan'))
    assert not torch.isfinite(loss_of(model, batch(2, seed=1)))
