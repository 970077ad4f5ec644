# GHM's losses keep a running histogram.
_base_ = '../../integration/detectors/retinanet.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
flip = [*load, dict(type='RandomFlip', prob=0.5), *rest]
train_dataloader = dict(dataset=dict(pipeline=flip))
model = dict(
    bbox_head=dict(
        loss_cls=dict(_delete_=True, type='GHMC', bins=30, momentum=0.75, use_sigmoid=True),
        loss_bbox=dict(_delete_=True, type='GHMR', mu=0.02, bins=10, momentum=0.7),
    )
)
