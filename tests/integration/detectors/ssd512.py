# SSD512's seven levels and priors at 96 px, on a narrow MobileNetV2.
_base_ = './ssd.py'

channels = (8, 8, 16, 16, 16, 16, 16)
model = dict(
    backbone=dict(out_indices=(0, 1)),
    neck=dict(
        in_channels=channels[:2],
        out_channels=channels,
        level_strides=(2, 2, 2, 2, 1),
        level_paddings=(1, 1, 1, 1, 1),
        last_kernel_size=4,
    ),
    bbox_head=dict(
        in_channels=channels,
        anchor_generator=dict(
            strides=[2, 4, 8, 16, 32, 48, 96],
            ratios=[[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]],
            min_sizes=[7, 14, 28, 43, 57, 72, 86],
            max_sizes=[14, 28, 43, 57, 72, 86, 100],
        ),
    ),
)
