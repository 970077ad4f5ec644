# FCOS on ResNet-18, with mmdet's "center-normbbox-centeronreg-giou".
_base_ = './common.py'

model = dict(
    type='FCOS',
    data_preprocessor=_base_.small.preprocessor,
    backbone=_base_.small.resnet,
    neck=_base_.small.fpn,
    bbox_head=dict(
        type='FCOSHead',
        strides=_base_.small.strides,
        regress_ranges=((-1, 16), (16, 32), (32, 64), (64, 1e8)),
        norm_cfg=_base_.small.group_norm,
        norm_on_bbox=True,
        centerness_on_reg=True,
        center_sampling=True,
        conv_bias=True,
        loss_bbox=dict(type='GIoULoss', loss_weight=1.0),
        **_base_.small.tower,
    ),
    test_cfg=_base_.small.test_cfg,
)
