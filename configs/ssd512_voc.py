# SSD512 on Pascal VOC 07+12: ssd300_voc.py at 512 px with the paper's seven levels.
#   python tools/train.py configs/ssd512_voc.py --cfg-options data_root=path/to/VOCdevkit
# Expected: not measured (the paper: 79.8 on VOC07 test, trained on `trainval`)
_base_ = [
    '_base_/models/ssd512_vgg16.py',
    '_base_/datasets/voc0712.py',
    '_base_/schedules/plateau.py',
    '_base_/default_runtime.py',
]

size = (_base_.input_size, _base_.input_size)
train_pipeline = _base_.train_pipeline
train_pipeline[5].update(scale=size)
val_pipeline = _base_.val_pipeline
val_pipeline[2].update(scale=size)
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = test_dataloader = dict(dataset=dict(pipeline=val_pipeline))

train_cfg = dict(max_epochs=467)
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=1e-3, momentum=0.9, weight_decay=5e-4), clip_grad=None
)
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=3),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=10, min_delta=1e-3),
]
