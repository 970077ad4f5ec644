# SSD300 on blood cells, from VGG16's ImageNet weights (downloaded, 82 MB).
#   python tools/train.py configs/ssd300_bccd.py --cfg-options data_root=path/to/bccd
# Expected: not measured
_base_ = [
    '_base_/models/ssd300_vgg16.py',
    '_base_/datasets/bccd.py',
    '_base_/schedules/plateau.py',
    '_base_/default_runtime.py',
]

# conv4_3's squares are 20 and 35 px instead of 30 and 42: then 99 % of the training platelets
# reach an IoU of 0.5 with a prior, with the paper's sizes 46 %.
sizes = dict(min_sizes=[20, 60, 111, 162, 213, 264])
model = dict(bbox_head=dict(num_classes=len(_base_.classes), anchor_generator=sizes))
train_cfg = dict(max_epochs=150)
optim_wrapper = dict(optimizer=dict(lr=1e-3))
evaluation = dict(interval=2, train_eval=40)
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.2, patience=5, begin=20),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=15, begin=20),
]
