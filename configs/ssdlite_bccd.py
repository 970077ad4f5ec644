#   python tools/train.py configs/ssdlite_bccd.py --cfg-options data_root=path/to/bccd
# Expected: val mAP@0.5 0.85, test 0.85, 72 epochs in 73 minutes on one busy CPU core (RESULTS.md)
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
train_cfg = dict(max_epochs=72)
optim_wrapper = dict(optimizer=dict(lr=0.02))
schedule = dict(type='cosine', min_factor=0.01, warmup=dict(iters=100))
evaluation = dict(interval=3, train_eval=40)
custom_hooks = []  # the schedule ends the run
