# YOLOX with depthwise convolutions and the whole recipe: mosaic and mix-up in the first epoch, no
# more in the second, which has the L1 loss; averaged weights are validated.
_base_ = './yolox.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
mixed = [
    dict(type='Mosaic', img_scale=(96, 96)),
    dict(type='RandomAffine', scaling_ratio_range=(0.5, 1.5), border=(-48, -48)),
    dict(type='MixUp', img_scale=(96, 96), ratio_range=(0.8, 1.6)),
    dict(type='YOLOXHSVRandomAug'),
    dict(type='Resize', scale=(96, 96), keep_ratio=False),
    dict(type='PackDetInputs'),
]
files = dict(
    type='VOCDataset',
    ann_file='ImageSets/Main/train.txt',
    metainfo=dict(classes=_base_.classes),
    indices=12,
    pipeline=load,
)
train_dataloader = dict(
    dataset=dict(_delete_=True, type='MultiImageMixDataset', dataset=files, pipeline=mixed)
)
lite = dict(use_depthwise=True)
model = dict(backbone=lite, neck=lite, bbox_head=lite)
ema = dict(gamma=2)
custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=0)]
