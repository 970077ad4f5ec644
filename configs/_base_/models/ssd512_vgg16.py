"""SSD512 with VGG16, as in the paper: SSD300 with one more level and 24,564 priors.

Sizes are Caffe's for VOC: 0.07 of the image for conv4_3, then 0.15, 0.30, ... 0.90, unrounded.
mmdet's `basesize_ratio_range=(0.15, 0.9)` rounds them down (35, 76, 153, ... pixels).
"""

_base_ = './ssd300_vgg16.py'

input_size = 512
channels = (512, 1024, 512, 256, 256, 256, 256)

model = dict(
    neck=dict(
        out_channels=channels,
        level_strides=(2, 2, 2, 2, 1),
        level_paddings=(1, 1, 1, 1, 1),
        last_kernel_size=4,
    ),
    bbox_head=dict(
        in_channels=channels,
        anchor_generator=dict(
            input_size=input_size,
            strides=[8, 16, 32, 64, 128, 256, 512],
            ratios=[[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
            min_sizes=[35.84, 76.8, 153.6, 230.4, 307.2, 384.0, 460.8],
            max_sizes=[76.8, 153.6, 230.4, 307.2, 384.0, 460.8, 537.6],
        ),
    ),
)
