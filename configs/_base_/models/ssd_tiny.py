"""A very small SSD for images of about 160 px, fast on a CPU: 0.6 million parameters.

One step on a batch of 16 takes well under a quarter of a second on two cores.

Priors, in pixels at `input_size` 160: per cell squares of 16 and 24 (stride 8), 36 and 51
(stride 16), 72 and 102 (stride 32), and boxes of the smaller area with ratios 1:2, 2:1 (and 1:3,
3:1 at strides 16 and 32). An object needs an IoU of 0.5 with a prior, or is the best match of
one: objects below about 11 px find no good prior, those above about 140 px few.
"""

input_size = 160
num_classes = 4

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
        type='PlainConvNet',
        channels=(16, 32, 64, 96, 128),
        depths=(1, 2, 2, 2, 2),
        out_indices=(2, 3, 4),
    ),
    bbox_head=dict(
        type='SSDHead',
        in_channels=(64, 96, 128),
        num_classes=num_classes,
        anchor_generator=dict(
            type='SSDAnchorGenerator',
            scale_major=False,
            input_size=input_size,
            strides=[8, 16, 32],
            ratios=[[2], [2, 3], [2, 3]],
            min_sizes=[16, 36, 72],
            max_sizes=[36, 72, 144],
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
        nms_pre=400,
        nms=dict(type='nms', iou_threshold=0.45),
        min_bbox_size=0,
        score_thr=0.02,
        max_per_img=100,
    ),
)
