"""SSDLite on MobileNetV2 at 320 px, to be trained from scratch.

As mmdet's ssdlite_mobilenetv2-scratch, with a level of stride 8 in front for small objects, and
for small data sets, which have few iterations: BatchNorm with PyTorch's momentum instead of 0.03,
and head weights of 0.01 instead of 0.001, from which the loss falls at once.

Priors, in pixels at `input_size` 320 (squares of two sizes per cell, and the smaller one's area
with ratios 1:2, 2:1, and 1:3, 3:1 above stride 8):

    stride       8      16      32       64      107      160
    squares  20, 31  48, 68  96, 120  150, 175  204, 229  258, 284

An object needs an IoU of 0.5 with a prior, or is the best match of one: objects below about
14 px at that size find no good prior. Where yours are smaller, enlarge `input_size` or write
other `min_sizes` and `max_sizes` into a child config.
"""

input_size = 320
num_classes = 20
norm_cfg = dict(type='BN', eps=0.001, momentum=0.1)

data_preprocessor = dict(
    type='DetDataPreprocessor',
    mean=[123.675, 116.28, 103.53],
    std=[58.395, 57.12, 57.375],
    bgr_to_rgb=True,
    pad_size_divisor=1,
)
model = dict(
    type='ChannelsLastDetector',
    data_preprocessor=data_preprocessor,
    backbone=dict(
        type='MobileNetV2',
        out_indices=(2, 4, 7),
        norm_cfg=norm_cfg,
        init_cfg=dict(type='TruncNormal', layer='Conv2d', std=0.03),
    ),
    neck=dict(
        type='SSDNeck',
        in_channels=(32, 96, 1280),
        out_channels=(32, 96, 1280, 512, 256, 256),
        level_strides=(2, 2, 2),
        level_paddings=(1, 1, 1),
        l2_norm_scale=None,
        use_depthwise=True,
        norm_cfg=norm_cfg,
        act_cfg=dict(type='ReLU6'),
        init_cfg=dict(type='TruncNormal', layer='Conv2d', std=0.03),
    ),
    bbox_head=dict(
        type='SSDHead',
        in_channels=(32, 96, 1280, 512, 256, 256),
        num_classes=num_classes,
        use_depthwise=True,
        norm_cfg=norm_cfg,
        act_cfg=dict(type='ReLU6'),
        init_cfg=dict(type='Normal', layer='Conv2d', std=0.01),
        anchor_generator=dict(
            type='SSDAnchorGenerator',
            scale_major=False,
            input_size=input_size,
            strides=[8, 16, 32, 64, 107, 160],
            ratios=[[2], [2, 3], [2, 3], [2, 3], [2, 3], [2, 3]],
            min_sizes=[20, 48, 96, 150, 204, 258],
            max_sizes=[48, 96, 150, 204, 258, 312],
        ),
        bbox_coder=dict(
            type='DeltaXYWHBBoxCoder',
            target_means=[0.0, 0.0, 0.0, 0.0],
            target_stds=[0.1, 0.1, 0.2, 0.2],
        ),
    ),
    train_cfg=dict(
        assigner=dict(
            type='MaxIoUAssigner',
            pos_iou_thr=0.5,
            neg_iou_thr=0.5,
            min_pos_iou=0.0,
            ignore_iof_thr=-1,
            gt_max_assign_all=False,
        ),
        sampler=dict(type='PseudoSampler'),
        smoothl1_beta=1.0,
        allowed_border=-1,
        pos_weight=-1,
        neg_pos_ratio=3,
        debug=False,
    ),
    test_cfg=dict(
        nms_pre=1000,
        nms=dict(type='nms', iou_threshold=0.45),
        min_bbox_size=0,
        score_thr=0.02,
        max_per_img=200,
    ),
)
