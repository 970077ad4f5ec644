"""SSD300 with BatchNorm in backbone, extra layers and head, to be trained from scratch.

The paper's network and priors. So that the head has BatchNorm, too, each of its branches has one
3x3 convolution of 256 channels more, with BatchNorm and ReLU, in front of the one that predicts.
Images are divided by the usual std, because no trained weights ask for others.
"""

_base_ = './ssd300_vgg16.py'

norm_cfg = dict(type='BN', requires_grad=True)

model = dict(
    data_preprocessor=dict(std=[58.395, 57.12, 57.375]),
    backbone=dict(_delete_=True, type='SSDVGGBN'),
    neck=dict(norm_cfg=norm_cfg),
    bbox_head=dict(stacked_convs=1, feat_channels=256, norm_cfg=norm_cfg),
)
