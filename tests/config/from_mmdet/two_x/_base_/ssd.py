model = dict(
    type='SingleStageDetector',
    backbone=dict(type='MobileNetV2', out_indices=(4, 7), norm_cfg=dict(type='BN', eps=0.001)),
    neck=dict(
        type='SSDNeck',
        in_channels=(96, 1280),
        out_channels=(96, 1280),
        level_strides=(),
        level_paddings=(),
        l2_norm_scale=None,
    ),
    bbox_head=dict(
        type='SSDHead',
        in_channels=(96, 1280),
        num_classes=2,
        anchor_generator=dict(
            type='SSDAnchorGenerator',
            scale_major=False,
            strides=[16, 32],
            ratios=[[2], [2]],
            min_sizes=[32, 64],
            max_sizes=[64, 120],
        ),
    ),
    train_cfg=dict(
        assigner=dict(type='MaxIoUAssigner', pos_iou_thr=0.5, neg_iou_thr=0.5, min_pos_iou=0.0),
        smoothl1_beta=1.0,
        allowed_border=-1,
        pos_weight=-1,
        neg_pos_ratio=3,
        debug=False,
    ),
    test_cfg=dict(
        nms_pre=1000, nms=dict(type='nms', iou_threshold=0.45), score_thr=0.02, max_per_img=200
    ),
)
