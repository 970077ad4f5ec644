#   python tools/train.py configs/ssdlite_bccd.py --cfg-options data_root=path/to/bccd
# Expected: val mAP@0.5 0.83 after 56 epochs, 50 minutes on two busy CPU cores (RESULTS.md)
_base_ = './ssdlite_voc_folder.py'

data_root = 'data/bccd'
classes = ('RBC', 'WBC', 'Platelets')
train_pipeline = _base_.train_pipeline
train_pipeline[2].update(ratio_range=(1, 2))  # shrunk further, a platelet has no prior
train_pipeline[5].update(direction=['horizontal', 'vertical', 'diagonal'], prob=0.75)
levels = (16, 48, 1280, 256, 128, 128)
model = dict(
    backbone=dict(widen_factor=0.5),
    neck=dict(in_channels=levels[:3], out_channels=levels),
    bbox_head=dict(num_classes=len(classes), in_channels=levels),
)
dataset = dict(metainfo=dict(classes=classes))
train_dataloader = dict(batch_size=8, dataset=dict(**dataset, pipeline=train_pipeline))
val_dataloader = test_dataloader = dict(dataset=dataset)
train_cfg = dict(max_epochs=120)
optim_wrapper = dict(optimizer=dict(lr=0.02))
evaluation = dict(interval=2, train_eval=40)
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.2, patience=5, begin=30),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=15, begin=30),
]
