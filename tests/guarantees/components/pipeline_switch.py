# RTMDet's change of pipeline, after the first epoch.
_base_ = './cached_mosaic_and_mixup.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
flip = [*load, dict(type='RandomFlip', prob=0.5), *rest]
custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=1, switch_pipeline=flip)]
