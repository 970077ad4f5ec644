# Faster R-CNN on ResNet-18, mmdet's own model file made narrow.
_base_ = ['./common.py', 'mmdet::_base_/models/faster-rcnn_r50_fpn.py']

model = dict(
    data_preprocessor=_base_.small.preprocessor,
    backbone=dict(_delete_=True, **_base_.small.resnet),
    neck=dict(_delete_=True, type='FPN', in_channels=[8, 16, 32, 64], out_channels=32, num_outs=4),
    rpn_head=dict(
        in_channels=32,
        feat_channels=32,
        anchor_generator=dict(scales=[4], strides=[4, 8, 16, 32]),
    ),
    roi_head=dict(
        bbox_roi_extractor=dict(out_channels=32),
        bbox_head=dict(in_channels=32, fc_out_channels=64, num_classes=4),
    ),
    train_cfg=dict(
        rpn=dict(sampler=dict(num=64)),
        rpn_proposal=dict(nms_pre=200, max_per_img=100),
        rcnn=dict(sampler=dict(num=64)),
    ),
    test_cfg=dict(rpn=dict(nms_pre=200, max_per_img=50), rcnn=dict(score_thr=0.001)),
)
