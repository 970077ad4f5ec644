# YOLOX-l on Pascal VOC 07+12: yolox_s_voc.py with another backbone and neck.
#   python tools/train.py configs/yolox/yolox_l_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 49.4 box AP.
_base_ = './yolox_s_voc.py'

model = dict(
    backbone=dict(deepen_factor=1.0, widen_factor=1.0),
    neck=dict(in_channels=[256, 512, 1024], out_channels=256, num_csp_blocks=3),
    bbox_head=dict(in_channels=256, feat_channels=256),
)
