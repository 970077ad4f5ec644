# SSD300 with BatchNorm on blood cells, from scratch: no weights to download.
#   python tools/train.py configs/ssd300_bn_bccd.py --cfg-options data_root=path/to/bccd
# Expected: not measured
_base_ = [
    '_base_/models/ssd300_bn.py',
    '_base_/datasets/bccd.py',
    '_base_/schedules/plateau.py',
    '_base_/default_runtime.py',
]

sizes = dict(min_sizes=[20, 60, 111, 162, 213, 264])  # see ssd300_bccd.py
model = dict(bbox_head=dict(num_classes=len(_base_.classes), anchor_generator=sizes))
train_cfg = dict(max_epochs=200)
optim_wrapper = dict(optimizer=dict(lr=1e-2))  # ten times that of the net without BatchNorm
schedule = dict(type='constant', warmup=dict(iters=200, start_factor=0.01))
evaluation = dict(interval=2, train_eval=40)
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.2, patience=7, begin=60),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=20, begin=60),
]
