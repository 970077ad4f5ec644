# YOLOX-m on Pascal VOC 07+12: yolox_s_voc.py with another backbone and neck.
#   python tools/train.py configs/yolox/yolox_m_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. mmdet publishes none, and none for VOC is known.
_base_ = './yolox_s_voc.py'

model = dict(
    backbone=dict(deepen_factor=0.67, widen_factor=0.75),
    neck=dict(in_channels=[192, 384, 768], out_channels=192, num_csp_blocks=2),
    bbox_head=dict(in_channels=192, feat_channels=192),
)
