"""YOLOX-s (Ge et al., 2021), 9 million parameters: no priors, three levels of strides 8, 16, 32.

As in mmdet, trained from scratch: images go in as BGR from 0 to 255, and the BatchNorm behind the
first convolution takes the place of mean and std. The other sizes are children: `deepen_factor`
and `widen_factor` of the backbone, and channels that follow from them.

    nano   0.33, 0.25   64 channels, depthwise convolutions
    tiny   0.33, 0.375  96
    s      0.33, 0.50   128
    m      0.67, 0.75   192
    l      1.00, 1.00   256

The loss has one term more in the last epochs (L1, see YOLOXModeSwitchHook), in validation too:
`val/loss` of before and after that epoch are not to be compared.
"""

num_classes = 20
norm_cfg = dict(type='BN', momentum=0.03, eps=0.001)

model = dict(
    type='YOLOX',
    data_preprocessor=dict(type='DetDataPreprocessor', pad_size_divisor=32),
    backbone=dict(
        type='CSPDarknet',
        deepen_factor=0.33,
        widen_factor=0.5,
        out_indices=(2, 3, 4),
        norm_cfg=norm_cfg,
    ),
    neck=dict(
        type='YOLOXPAFPN',
        in_channels=[128, 256, 512],
        out_channels=128,
        num_csp_blocks=1,
        norm_cfg=norm_cfg,
    ),
    bbox_head=dict(
        type='YOLOXHead',
        num_classes=num_classes,
        in_channels=128,
        feat_channels=128,
        norm_cfg=norm_cfg,
        loss_bbox=dict(type='IoULoss', mode='square', eps=1e-16, reduction='sum', loss_weight=5.0),
    ),
    train_cfg=dict(assigner=dict(type='SimOTAAssigner', center_radius=2.5)),
    test_cfg=dict(score_thr=0.01, nms=dict(type='nms', iou_threshold=0.65)),
)
