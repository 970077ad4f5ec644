# ATSS on ResNet-18.
_base_ = './common.py'

model = dict(
    type='ATSS',
    data_preprocessor=_base_.small.preprocessor,
    backbone=_base_.small.resnet,
    neck=_base_.small.fpn,
    bbox_head=dict(
        type='ATSSHead',
        norm_cfg=_base_.small.group_norm,
        anchor_generator=dict(
            type='AnchorGenerator',
            ratios=[1.0],
            octave_base_scale=4,
            scales_per_octave=1,
            strides=_base_.small.strides,
        ),
        bbox_coder=_base_.small.coder,
        loss_bbox=dict(type='GIoULoss', loss_weight=2.0),
        **_base_.small.tower,
    ),
    train_cfg=dict(
        assigner=dict(type='ATSSAssigner', topk=9), allowed_border=-1, pos_weight=-1, debug=False
    ),
    test_cfg=_base_.small.test_cfg,
)
