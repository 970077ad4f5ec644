"""SSD300 with VGG16, as in the paper (Liu et al., ECCV 2016) and its Caffe script ssd_pascal.py.

8,732 priors: per cell of six levels a square of `min_size`, one of sqrt(min_size x max_size), and
boxes of min_size's area with the ratios 2, 1/2 (and 3, 1/3). Sizes are Caffe's: 0.1 of the image
for conv4_3, then 0.20, 0.37, 0.54, 0.71, 0.88. Centres are those of the cells, strides Caffe's.

    level     conv4_3   fc7     conv6_2  conv7_2  conv8_2  conv9_2
    cells     38 x 38  19 x 19  10 x 10   5 x 5    3 x 3    1 x 1
    priors          4        6        6        6        4        4
    squares    30, 42   60, 82  111, 134  162, 186  213, 237  264, 288   (pixels of 300)

Priors (centres and sizes), box coding and loss are Caffe's. What mmdet's parts do otherwise:
where two objects share their best prior, the later one has it, and the other may stay without
(Caffe gives it the next best); an image without objects counts as one positive in the divisor of
the loss; boxes are clipped to the image before NMS; an object that is ignored (VOC's difficult
ones, unless the data set says otherwise) is background (Caffe trains on it).
"""

input_size = 300
num_classes = 20
channels = (512, 1024, 512, 256, 256, 256)

model = dict(
    type='SingleStageDetector',
    data_preprocessor=dict(
        type='DetDataPreprocessor',
        mean=[123.675, 116.28, 103.53],
        std=[1.0, 1.0, 1.0],  # as the weights of VGG16 expect it, see VGG16Weights
        bgr_to_rgb=True,
        pad_size_divisor=1,
    ),
    backbone=dict(
        type='SSDVGG',  # fc6 dilated, pooling rounded up, conv4_3 and fc7 given out
        depth=16,
        init_cfg=dict(type='VGG16Weights', checkpoint='caffe'),
    ),
    neck=dict(
        type='SSDNeck',
        in_channels=channels[:2],
        out_channels=channels,
        level_strides=(2, 2, 1, 1),
        level_paddings=(1, 1, 0, 0),
        l2_norm_scale=20,
    ),
    bbox_head=dict(
        type='SSDHead',
        in_channels=channels,
        num_classes=num_classes,
        anchor_generator=dict(
            type='SSDAnchorGenerator',
            scale_major=False,
            input_size=input_size,
            strides=[8, 16, 32, 64, 100, 300],
            ratios=[[2], [2, 3], [2, 3], [2, 3], [2], [2]],
            min_sizes=[30, 60, 111, 162, 213, 264],
            max_sizes=[60, 111, 162, 213, 264, 315],
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
        nms_pre=1000,  # (prior, class) pairs per level; Caffe: 400 priors per class
        nms=dict(type='nms', iou_threshold=0.45),
        min_bbox_size=0,
        score_thr=0.01,  # mmdet: 0.02
        max_per_img=200,
    ),
)
