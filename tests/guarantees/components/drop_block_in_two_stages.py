# Dropout, random augmentation and sampled proposals: all that draws from torch's generators.
_base_ = '../../integration/detectors/faster_rcnn.py'

augmented = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='MinIoURandomCrop', min_ious=(0.5, 0.7), min_crop_size=0.5),
    dict(type='PhotoMetricDistortion'),
    dict(type='Resize', scale=(64, 64), keep_ratio=False),
    dict(type='RandomFlip', prob=0.5),
    dict(type='PackDetInputs'),
]
train_dataloader = dict(dataset=dict(pipeline=augmented))
plugin = dict(type='DropBlock', drop_prob=0.3, block_size=3, warmup_iters=0)
model = dict(neck=dict(type='FPN_DropBlock', plugin=plugin))
