# FCOS-R50 on Pascal VOC 07+12, trained on `train`, selected on `val`, tested once.
#   python tools/train.py configs/fcos/fcos_r50_fpn_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 36.6 box AP (Caffe's ResNet, 1x).
#
# The backbone's ImageNet weights are downloaded; without a network,
# `--cfg-options model.backbone.init_cfg=None model.backbone.frozen_stages=-1
# model.backbone.norm_eval=False` trains from scratch.
_base_ = [
    '../_base_/models/fcos_r50_fpn.py',
    '../_base_/datasets/voc0712_1000x600.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

# mmdet's 0.01 is for 16 images, with twice the rate and no decay for biases. As many epochs as
# RetinaNet's here.
train_cfg = dict(max_epochs=24)
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.01 * 8 / 16, momentum=0.9, weight_decay=1e-4),
    paramwise_cfg=dict(bias_lr_mult=2.0, bias_decay_mult=0.0),
    clip_grad=dict(max_norm=35.0),
)
schedule = dict(warmup=dict(iters=500, start_factor=1 / 3))
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=2),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=6, min_delta=1e-3),
]
