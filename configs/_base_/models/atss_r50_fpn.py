"""ATSS (Zhang et al., CVPR 2020) on ResNet-50 with FPN: one square prior per cell, of 8 strides.

An object takes its priors from the nine nearest per level, above a threshold from their own IoUs.
Backbone and input are those of FCOS.
"""

_base_ = './fcos_r50_fpn.py'

num_classes = 20

model = dict(
    type='ATSS',
    neck=dict(relu_before_extra_convs=False),
    bbox_head=dict(
        _delete_=True,
        type='ATSSHead',
        num_classes=num_classes,
        in_channels=256,
        feat_channels=256,
        stacked_convs=4,
        anchor_generator=dict(
            type='AnchorGenerator',
            ratios=[1.0],
            octave_base_scale=8,
            scales_per_octave=1,
            strides=[8, 16, 32, 64, 128],
        ),
        bbox_coder=dict(
            type='DeltaXYWHBBoxCoder',
            target_means=[0.0, 0.0, 0.0, 0.0],
            target_stds=[0.1, 0.1, 0.2, 0.2],
        ),
        loss_cls=dict(type='FocalLoss', use_sigmoid=True, gamma=2.0, alpha=0.25, loss_weight=1.0),
        loss_bbox=dict(type='GIoULoss', loss_weight=2.0),
    ),
    train_cfg=dict(
        assigner=dict(type='ATSSAssigner', topk=9), allowed_border=-1, pos_weight=-1, debug=False
    ),
    test_cfg=dict(nms=dict(iou_threshold=0.6)),
)
