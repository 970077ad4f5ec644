# RTMDet-m on Pascal VOC 07+12: rtmdet_l_voc.py with another backbone and neck.
#   python tools/train.py configs/rtmdet/rtmdet_m_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 49.1 box AP.
_base_ = './rtmdet_l_voc.py'

model = dict(
    backbone=dict(deepen_factor=0.67, widen_factor=0.75),
    neck=dict(in_channels=[192, 384, 768], out_channels=192, num_csp_blocks=2),
    bbox_head=dict(in_channels=192, feat_channels=192),
)
