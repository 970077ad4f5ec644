# DropBlock counts its calls, and drops more with each.
_base_ = '../../integration/detectors/retinanet.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
flip = [*load, dict(type='RandomFlip', prob=0.5), *rest]
train_dataloader = dict(dataset=dict(pipeline=flip))
plugin = dict(type='DropBlock', drop_prob=0.3, block_size=3, warmup_iters=12)
model = dict(neck=dict(type='FPN_DropBlock', plugin=plugin))
