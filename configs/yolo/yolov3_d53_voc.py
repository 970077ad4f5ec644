# YOLOv3-DarkNet-53 at 416 px on Pascal VOC 07+12, selected on `val`, tested once.
#   python tools/train.py configs/yolo/yolov3_d53_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 30.9 box AP at 416 px.
#
# DarkNet's ImageNet weights are downloaded;
# `--cfg-options model.backbone.init_cfg=None` trains from scratch.
_base_ = [
    '../_base_/models/yolov3_d53.py',
    '../_base_/datasets/voc0712_yolov3.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

# mmdet's 0.001 is for eight devices, whose gradients are averaged. The loss is a sum over a
# device's images, so that for one device an eighth holds, however large the batch.
train_cfg = dict(max_epochs=273)
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.001 / 8, momentum=0.9, weight_decay=5e-4),
    clip_grad=dict(max_norm=35.0),
)
schedule = dict(warmup=dict(iters=2000, start_factor=0.1))
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=8),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=20, min_delta=1e-3),
]
