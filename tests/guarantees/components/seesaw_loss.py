# SeesawLoss counts samples per class in a buffer.
_base_ = '../../integration/detectors/faster_rcnn.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
flip = [*load, dict(type='RandomFlip', prob=0.5), *rest]
train_dataloader = dict(dataset=dict(pipeline=flip))
loss = dict(_delete_=True, type='SeesawLoss', p=0.8, q=2.0, num_classes=4)
model = dict(roi_head=dict(bbox_head=dict(loss_cls=loss)))
