# YOLOX-nano on Pascal VOC 07+12: yolox_tiny_voc.py with another backbone and neck.
#   python tools/train.py configs/yolox/yolox_nano_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. mmdet publishes none, and none for VOC is known.
_base_ = './yolox_tiny_voc.py'

model = dict(
    backbone=dict(widen_factor=0.25, use_depthwise=True),
    neck=dict(in_channels=[64, 128, 256], out_channels=64, use_depthwise=True),
    bbox_head=dict(in_channels=64, feat_channels=64, use_depthwise=True),
)
