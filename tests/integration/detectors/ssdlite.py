# SSDLite: SSD with depthwise convolutions in neck and head, channels last.
_base_ = './ssd.py'

lite = dict(use_depthwise=True, norm_cfg=dict(type='BN'), act_cfg=dict(type='ReLU6'))
model = dict(
    type='ChannelsLastDetector', neck=dict(l2_norm_scale=None, **lite), bbox_head=dict(**lite)
)
