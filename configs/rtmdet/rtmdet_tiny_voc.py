# RTMDet-tiny on Pascal VOC 07+12: rtmdet_s_voc.py, smaller, and half of its images are mixed.
#   python tools/train.py configs/rtmdet/rtmdet_tiny_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 40.9 box AP.
#
# The backbone's ImageNet weights are downloaded;
# `--cfg-options model.backbone.init_cfg=None` trains from scratch.
_base_ = './rtmdet_s_voc.py'

model = dict(
    backbone=dict(
        deepen_factor=0.167,
        widen_factor=0.375,
        init_cfg=dict(checkpoint=_base_.weights + 'cspnext-tiny_imagenet_600e.pth'),
    ),
    neck=dict(in_channels=[96, 192, 384], out_channels=96),
    bbox_head=dict(in_channels=96, feat_channels=96),
)
train_pipeline = _base_.train_pipeline
train_pipeline[8].update(prob=0.5)  # CachedMixUp
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
