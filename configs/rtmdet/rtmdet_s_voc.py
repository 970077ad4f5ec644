# RTMDet-s on Pascal VOC 07+12: rtmdet_l_voc.py, smaller, and its images are shrunk less.
#   python tools/train.py configs/rtmdet/rtmdet_s_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 44.5 box AP.
#
# The backbone's ImageNet weights are downloaded;
# `--cfg-options model.backbone.init_cfg=None` trains from scratch.
_base_ = './rtmdet_l_voc.py'

weights = 'https://download.openmmlab.com/mmdetection/v3.0/rtmdet/cspnext_rsb_pretrain/'
model = dict(
    backbone=dict(
        deepen_factor=0.33,
        widen_factor=0.5,
        init_cfg=dict(
            type='Pretrained',
            prefix='backbone.',
            checkpoint=weights + 'cspnext-s_imagenet_600e.pth',
        ),
    ),
    neck=dict(in_channels=[128, 256, 512], out_channels=128, num_csp_blocks=1),
    bbox_head=dict(in_channels=128, feat_channels=128, exp_on_reg=False),
)
train_pipeline = _base_.train_pipeline
train_pipeline[3].update(ratio_range=(0.5, 2.0))
last_pipeline = _base_.last_pipeline
last_pipeline[2].update(ratio_range=(0.5, 2.0))
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=280, switch_pipeline=last_pipeline)]
