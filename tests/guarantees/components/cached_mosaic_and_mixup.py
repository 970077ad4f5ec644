# RTMDet's cached mosaic and mix-up, by classes of the same name without a cache.
_base_ = '../../integration/detectors/rtmdet.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
mosaic = [
    dict(type='CachedMosaic', img_scale=(64, 64), max_cached_images=20, random_pop=False),
    dict(type='RandomResize', scale=(128, 128), ratio_range=(0.5, 2.0), keep_ratio=True),
    dict(type='RandomCrop', crop_size=(64, 64)),
    dict(type='Pad', size=(64, 64)),
    dict(type='CachedMixUp', img_scale=(64, 64), max_cached_images=10, prob=0.5),
]
train_dataloader = dict(dataset=dict(pipeline=[*load, *mosaic, *rest]))
