# mmdet's SSD on MobileNetV2, with our SSDHead.
_base_ = './common.py'

model = dict(
    type='SingleStageDetector',
    data_preprocessor=_base_.small.preprocessor,
    backbone=dict(type='MobileNetV2', widen_factor=0.25, out_indices=(2, 4, 6)),
    neck=dict(
        type='SSDNeck',
        in_channels=(8, 24, 80),
        out_channels=(8, 24, 80, 32),
        level_strides=(2,),
        level_paddings=(1,),
        l2_norm_scale=20,
    ),
    bbox_head=dict(
        type='SSDHead',
        in_channels=(8, 24, 80, 32),
        num_classes=4,
        anchor_generator=dict(
            type='SSDAnchorGenerator',
            scale_major=False,
            input_size=96,
            strides=[8, 16, 32, 64],
            ratios=[[2], [2, 3], [2, 3], [2]],
            min_sizes=[8, 20, 40, 64],
            max_sizes=[20, 40, 64, 90],
        ),
        bbox_coder=_base_.small.coder,
    ),
    train_cfg=dict(
        assigner=dict(
            type='MaxIoUAssigner',
            pos_iou_thr=0.5,
            neg_iou_thr=0.5,
            min_pos_iou=0.0,
            gt_max_assign_all=False,
        ),
        sampler=dict(type='PseudoSampler'),
        smoothl1_beta=1.0,
        allowed_border=-1,
        pos_weight=-1,
        neg_pos_ratio=3,
        debug=False,
    ),
    test_cfg=_base_.small.test_cfg,
)
