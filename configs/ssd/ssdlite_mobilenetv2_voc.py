# SSDLite-MobileNetV2 at 320 px, from scratch, on Pascal VOC 07+12, selected on `val`, tested once.
#   python tools/train.py configs/ssd/ssdlite_mobilenetv2_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC from scratch is known; mmdet's
# is for COCO, another set and another measure: 21.3 box AP after 600 epochs.
_base_ = [
    '../_base_/models/ssdlite_mobilenetv2.py',
    '../_base_/datasets/voc0712.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

size = (_base_.input_size, _base_.input_size)
train_pipeline = _base_.train_pipeline
train_pipeline[5].update(scale=size)
val_pipeline = _base_.val_pipeline
val_pipeline[2].update(scale=size)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = test_dataloader = dict(dataset=dict(pipeline=val_pipeline))

# mmdet's 0.015 is for 192 images. From scratch mAP stays near 0 for long: nothing counts before
# epoch 60.
train_cfg = dict(max_epochs=600)
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.015 * 32 / 192, momentum=0.9, weight_decay=4e-5)
)
schedule = dict(warmup=dict(iters=500, start_factor=0.001))
evaluation = dict(interval=3)
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=6, begin=60),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=15, begin=60, min_delta=1e-3),
]
