# YOLOv3 on MobileNetV2, as mmdet's yolov3_mobilenetv2: Darknet has one depth only, 53.
_base_ = './common.py'

model = dict(
    type='YOLOV3',
    data_preprocessor=_base_.small.preprocessor,
    backbone=dict(
        type='MobileNetV2',
        widen_factor=0.25,
        out_indices=(2, 4, 6),
        act_cfg=dict(type='LeakyReLU', negative_slope=0.1),
    ),
    neck=dict(type='YOLOV3Neck', num_scales=3, in_channels=[80, 24, 8], out_channels=[32, 32, 32]),
    bbox_head=dict(
        type='YOLOV3Head',
        num_classes=4,
        in_channels=[32, 32, 32],
        out_channels=[32, 32, 32],
        anchor_generator=dict(
            type='YOLOAnchorGenerator',
            base_sizes=[[(60, 60), (45, 70)], [(30, 30), (20, 40)], [(10, 13), (18, 14)]],
            strides=[32, 16, 8],
        ),
        bbox_coder=dict(type='YOLOBBoxCoder'),
        featmap_strides=[32, 16, 8],
        loss_cls=dict(type='CrossEntropyLoss', use_sigmoid=True, reduction='sum'),
        loss_conf=dict(type='CrossEntropyLoss', use_sigmoid=True, reduction='sum'),
        loss_xy=dict(type='CrossEntropyLoss', use_sigmoid=True, reduction='sum', loss_weight=2.0),
        loss_wh=dict(type='MSELoss', reduction='sum', loss_weight=2.0),
    ),
    train_cfg=dict(
        assigner=dict(type='GridAssigner', pos_iou_thr=0.5, neg_iou_thr=0.5, min_pos_iou=0)
    ),
    test_cfg=dict(conf_thr=0.001, **_base_.small.test_cfg),
)
