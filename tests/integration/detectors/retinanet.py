# RetinaNet on ResNet-18, mmdet's own model file made narrow.
_base_ = ['./common.py', 'mmdet::_base_/models/retinanet_r50_fpn.py']

model = dict(
    data_preprocessor=_base_.small.preprocessor,
    backbone=dict(_delete_=True, **_base_.small.resnet),
    neck=dict(_delete_=True, **_base_.small.fpn),
    bbox_head=dict(
        **_base_.small.tower,
        anchor_generator=dict(octave_base_scale=3, strides=_base_.small.strides),
    ),
    test_cfg=_base_.small.test_cfg,
)
