import copy

import numpy as np
import pytest
import torch
from mmengine.config import Config

from mmholdout.errors import UserError
from mmholdout.models.prior_shapes import family_of, levels_of, prior_rule, rule_with
from mmholdout.priors.best_prior import best_iou
from mmholdout.priors.no_fit import NoFitError
from mmholdout.registry import MODELS

SSD = {
    'type': 'SSDAnchorGenerator',
    'scale_major': False,
    'strides': [8, 16],
    'ratios': [[2], [2, 3]],
    'min_sizes': [10, 30],
    'max_sizes': [30, 60],
}
MAX_IOU = {'type': 'MaxIoUAssigner', 'pos_iou_thr': 0.4, 'neg_iou_thr': 0.3}


def ssd(assigner=MAX_IOU, head='SSDHead', generator=SSD, **train_cfg):
    bbox_head = {'type': head, 'num_classes': 2}
    if generator is not None:
        bbox_head['anchor_generator'] = generator
    return {
        'type': 'SingleStageDetector',
        'bbox_head': bbox_head,
        'train_cfg': {'assigner': assigner, **train_cfg},
    }


def stock(name):
    """The model of a config that mmdet ships."""
    import mmdet

    return Config.fromfile(f'{mmdet.__path__[0]}/.mim/configs/{name}.py').model


def test_levels_threshold_and_border_of_an_ssd():
    rule = prior_rule(ssd(allowed_border=4))
    assert (rule.head, rule.written) == ('bbox_head', True)
    assert [level.stride for level in rule.levels] == [(8.0, 8.0), (16.0, 16.0)]
    assert rule.levels[0].sizes[0].tolist() == [10, 10]
    assert (rule.threshold.iou, rule.threshold.above, rule.threshold.border) == (0.4, False, 4)


def test_no_model_is_built(monkeypatch):
    monkeypatch.setattr(MODELS, 'build', None)
    prior_rule(ssd())


STOCK = {
    'ssd/ssd300_coco': ('bbox_head', 0.5, False, 8732),
    'retinanet/retinanet_r50_fpn_1x_coco': ('bbox_head', 0.5, False, None),
    'yolo/yolov3_d53_8xb8-320-273e_coco': ('bbox_head', 0.5, True, None),
    'faster_rcnn/faster-rcnn_r50_fpn_1x_coco': ('rpn_head', 0.7, False, None),
}


@pytest.mark.parametrize('name', STOCK)
def test_stock_detectors_with_fixed_priors(name):
    head, iou, above, count = STOCK[name]
    rule = prior_rule(stock(name))
    assert (rule.head, rule.threshold.iou, rule.threshold.above) == (head, iou, above)
    if count:
        cells = [int(np.ceil(300 / level.stride[0])) ** 2 for level in rule.levels]
        assert sum(n * len(level.base) for n, level in zip(cells, rule.levels)) == count
    family = family_of(rule)
    for mine, real in zip(family.levels(family.given()), rule.levels):
        np.testing.assert_allclose(
            np.sort(mine.base, axis=0), np.sort(real.base, axis=0), rtol=1e-5, atol=1e-3
        )


NONE = {
    'yolox/yolox_s_8xb8-300e_coco': 'YOLOXHead has no prior boxes',
    'fcos/fcos_r50-caffe_fpn_gn-head_1x_coco': 'FCOSHead has no prior boxes',
    'rtmdet/rtmdet_tiny_8xb32-300e_coco': 'DynamicSoftLabelAssigner has no fixed positive IoU',
    'atss/atss_r50_fpn_1x_coco': 'ATSSAssigner has no fixed positive IoU',
    'free_anchor/freeanchor_r50_fpn_1x_coco': 'loss of FreeAnchorRetinaHead does not use',
    'yolof/yolof_r50-c5_8xb8-1x_coco': 'UniformAssigner has no fixed positive IoU',
    'guided_anchoring/ga-retinanet_r50-caffe_fpn_1x_coco': 'GARetinaHead has no prior boxes',
    'sabl/sabl-retinanet_r50_fpn_1x_coco': 'SABLRetinaHead has no prior boxes',
    'detr/detr_r50_8xb2-150e_coco': 'DETRHead has no prior boxes',
}


@pytest.mark.parametrize('name', NONE)
def test_stock_detectors_without_a_number(name):
    with pytest.raises(NoFitError, match=f'^not applicable: .*{NONE[name]}'):
        prior_rule(stock(name))


@pytest.mark.parametrize(
    ('model', 'said'),
    [
        (ssd(assigner={'type': 'ATSSAssigner', 'topk': 9}), 'ATSSAssigner'),
        (ssd(assigner=None), 'names no assigner'),
        (ssd(assigner={**MAX_IOU, 'iou_calculator': {'type': 'BboxOverlaps2D_GLIP'}}), 'overlap'),
        (ssd(generator={'type': 'MlvlPointGenerator', 'strides': [8]}), 'regular grid'),
        ({'type': 'DETR'}, 'no bbox_head'),
    ],
)
def test_what_decides_is_assigner_and_generator(model, said):
    with pytest.raises(NoFitError, match=said):
        prior_rule(model)


def test_the_heads_own_default_generator():
    rule = prior_rule(ssd(head='RetinaHead', generator=None))
    assert not rule.written
    assert rule.words['type'] == 'AnchorGenerator'
    assert family_of(rule).arguments(family_of(rule).given())['octave_base_scale'] == 4


def test_the_rule_is_the_assigners():
    """A prior is positive by the threshold just where the real assigner says so."""
    from mmengine.structures import InstanceData

    rule = prior_rule(ssd(assigner={**MAX_IOU, 'match_low_quality': False}))
    priors = torch.cat(rule.generator.grid_priors([(8, 8), (4, 4)], device='cpu'))
    random = np.random.default_rng(0)

    for _ in range(50):
        low = random.uniform(0, 40, 2)
        box = np.concatenate([low, low + random.uniform(4, 24, 2)])[None]
        gts = InstanceData(bboxes=torch.from_numpy(box).float(), labels=torch.zeros(1).long())
        assigned = rule.assigner.assign(InstanceData(priors=priors), gts)
        frame = np.array([[64, 64]])
        mine = rule.threshold.reached(best_iou(box, frame, frame, rule.levels))[0]
        assert mine == bool((assigned.gt_inds > 0).any())


def test_other_arguments_make_another_generator():
    rule = prior_rule(ssd())
    other = rule_with(rule, {'min_sizes': [12, 30]})
    assert other.levels[0].sizes[0].tolist() == [12, 12]
    assert rule.levels[0].sizes[0].tolist() == [10, 10]
    assert other.words['max_sizes'] == [30, 60]
    assert levels_of(other.generator)[1].stride == (16.0, 16.0)


def test_no_proposal_for_a_generator_of_another_kind_or_a_confused_one():
    legacy = {
        'type': 'LegacyAnchorGenerator',
        'strides': [8],
        'ratios': [1.0],
        'scales': [4],
        'center_offset': 0.5,
    }
    with pytest.raises(UserError, match='no proposal for LegacyAnchorGenerator'):
        family_of(prior_rule(ssd(generator=legacy)))
    confused = {k: v for k, v in SSD.items() if k != 'scale_major'}
    with pytest.raises(UserError, match='scale_major=False'):
        family_of(prior_rule(ssd(generator=confused)))


@pytest.mark.parametrize(
    ('name', 'size'),
    [
        ('ssd/ssd300_coco', (300, 300)),
        ('ssd/ssdlite_mobilenetv2-scratch_8xb24-600e_coco', (320, 320)),
        ('retinanet/retinanet_r18_fpn_1x_coco', (416, 608)),
        ('yolo/yolov3_mobilenetv2_8xb24-320-300e_coco', (320, 256)),
    ],
)
def test_a_level_has_one_cell_for_each_begun_stride(name, size):
    """What the grids are computed from instead of a forward pass, compared with one."""
    model = copy.deepcopy(stock(name))
    model.pop('data_preprocessor')
    for part in ('backbone', 'neck'):
        model[part].pop('init_cfg', None)
    if name == 'ssd/ssd300_coco':
        model.neck.l2_norm_scale = None  # does not run on 'meta'; changes no size
    with torch.device('meta'):
        backbone = MODELS.build(model.backbone)
        neck = MODELS.build(model.neck)
        backbone.eval(), neck.eval()  # mmdet's give nothing back
        features = neck(backbone(torch.zeros(1, 3, *size)))
    levels = prior_rule(model).levels
    for feature, level in zip(features, levels, strict=True):
        cells = [-(-n // int(stride)) for n, stride in zip(size, level.stride[::-1])]
        assert list(feature.shape[-2:]) == cells
