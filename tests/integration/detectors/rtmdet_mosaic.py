# RTMDet with the whole recipe: mosaic and mix-up in the first epoch, no more in the second;
# averaged weights are validated.
_base_ = './rtmdet.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
cropped = [
    dict(type='RandomCrop', crop_size=(96, 96)),
    dict(type='YOLOXHSVRandomAug'),
    dict(type='Pad', size=(96, 96)),
]
scaling = dict(type='RandomResize', ratio_range=(0.5, 2.0), keep_ratio=True)
mixed = [
    *load,
    dict(type='CachedMosaic', img_scale=(96, 96)),
    dict(**scaling, scale=(192, 192)),
    *cropped,
    dict(type='CachedMixUp', img_scale=(96, 96), ratio_range=(1.0, 1.0), prob=0.5),
    dict(type='PackDetInputs'),
]
last = [*load, dict(**scaling, scale=(96, 96)), *cropped, dict(type='PackDetInputs')]
train_dataloader = dict(dataset=dict(indices=12, pipeline=mixed))
ema = dict(gamma=2)
custom_hooks = [dict(type='PipelineSwitchHook', switch_epoch=1, switch_pipeline=last)]
