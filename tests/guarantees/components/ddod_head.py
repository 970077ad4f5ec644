# DDOD counts positives per level in a list.
_base_ = '../../integration/detectors/atss.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
flip = [*load, dict(type='RandomFlip', prob=0.5), *rest]
train_dataloader = dict(dataset=dict(pipeline=flip))
model = dict(
    type='DDOD',
    bbox_head=dict(type='DDODHead', use_dcn=False),
    train_cfg=dict(
        assigner=dict(alpha=0.8), reg_assigner=dict(type='ATSSAssigner', topk=9, alpha=0.5)
    ),
)
