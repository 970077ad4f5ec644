"""YOLOv3 (Redmon & Farhadi, 2018) on DarkNet-53, 62 million parameters, as in mmdet.

Three levels of strides 32, 16, 8 with three priors each, found on COCO at 416 px. The loss is a
sum over the images of a batch, so that its size grows with the batch.
"""

_base_ = './yolov3_mobilenetv2.py'

model = dict(
    data_preprocessor=dict(mean=[0, 0, 0], std=[255.0, 255.0, 255.0]),
    backbone=dict(
        _delete_=True,
        type='Darknet',
        depth=53,
        out_indices=(3, 4, 5),
        init_cfg=dict(type='Pretrained', checkpoint='open-mmlab://darknet53'),
    ),
    neck=dict(in_channels=[1024, 512, 256], out_channels=[512, 256, 128]),
    bbox_head=dict(
        in_channels=[512, 256, 128],
        out_channels=[1024, 512, 256],
        anchor_generator=dict(
            base_sizes=[
                [(116, 90), (156, 198), (373, 326)],
                [(30, 61), (62, 45), (59, 119)],
                [(10, 13), (16, 30), (33, 23)],
            ],
        ),
    ),
)
