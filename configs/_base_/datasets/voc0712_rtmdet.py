# VOC 07+12 with RTMDet's augmentation at 640 px: mosaic of four images, scaling, cropping, mix-up.
# `last_pipeline`, without mosaic and mix-up, is for the last epochs: PipelineSwitchHook takes it.
# CachedMosaic and CachedMixUp are this project's: they draw other images by (seed, epoch, index)
# instead of from a cache, so that a resumed run sees the same; it costs the reading.
_base_ = './voc0712.py'

image_size = 640
size = (image_size, image_size)
pad = dict(type='Pad', size=size, pad_val=dict(img=(114, 114, 114)))

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
scaling = dict(type='RandomResize', scale=(1280, 1280), ratio_range=(0.1, 2.0), keep_ratio=True)
cropped = [
    dict(type='RandomCrop', crop_size=size),
    dict(type='YOLOXHSVRandomAug'),
    dict(type='RandomFlip', prob=0.5),
    pad,
]
mixup = dict(type='CachedMixUp', img_scale=size, ratio_range=(1.0, 1.0), pad_val=(114, 114, 114))
train_pipeline = [
    *load,
    dict(type='CachedMosaic', img_scale=size, pad_val=114.0),
    scaling,
    *cropped,
    mixup,
    dict(type='PackDetInputs'),
]
last_pipeline = [*load, dict(scaling, scale=size), *cropped, dict(type='PackDetInputs')]
val_pipeline = [
    *load,
    dict(type='Resize', scale=size, keep_ratio=True),
    pad,
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]

train_dataloader = dict(
    batch_size=32, num_workers=8, dataset=dict(difficult='ignore', pipeline=train_pipeline)
)
val_dataloader = dict(batch_size=32, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(batch_size=32, dataset=dict(pipeline=val_pipeline))
