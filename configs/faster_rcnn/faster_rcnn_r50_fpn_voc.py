# Faster R-CNN-R50 on Pascal VOC 07+12, trained on `train`, selected on `val`, tested once.
#   python tools/train.py configs/faster_rcnn/faster_rcnn_r50_fpn_voc.py \
#     --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. mmdet's VOC model zoo: 79.5, a VOC07 test mAP (11
# points) after training on `trainval`, twice these images, and with the checkpoint chosen on test.
#
# The backbone's ImageNet weights are downloaded; without a network,
# `--cfg-options model.backbone.init_cfg=None model.backbone.frozen_stages=-1
# model.backbone.norm_eval=False` trains from scratch.
_base_ = [
    '../_base_/models/faster_rcnn_r50_fpn.py',
    '../_base_/datasets/voc0712_1000x600.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

# mmdet's 0.01 is for 16 images. Its 12 epochs of `trainval` are as many images as 24 of `train`.
train_cfg = dict(max_epochs=24)
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.01 * 8 / 16, momentum=0.9, weight_decay=1e-4), clip_grad=None
)
schedule = dict(warmup=dict(iters=500, start_factor=0.001))
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=2),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=6, min_delta=1e-3),
]
