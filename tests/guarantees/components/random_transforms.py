# mmdet's and mmcv's random transforms draw from NumPy's generator.
_base_ = '../../integration/detectors/fcos.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
flip = [dict(type='RandomFlip', prob=0.5)]
colour = [dict(type='PhotoMetricDistortion')]
random_steps = [
    dict(type='AutoAugment', policies=[flip, colour]),
    dict(type='RandomChoiceResize', scales=[(64, 64), (96, 96)], keep_ratio=False),
    dict(type='RandomErasing', n_patches=(1, 3), ratio=(0.1, 0.2)),
]
train_dataloader = dict(dataset=dict(pipeline=[*load, *random_steps, *rest]))
