# Blood cells (BCCD, 205/87/72 images, the official split) at 300 px: a VOC folder.
# Zooming out stops at 2, where the paper's goes to 4: a platelet, 18 x 24 px, must find a prior.
_base_ = './voc_folder.py'

data_root = 'data/bccd'
classes = ('RBC', 'WBC', 'Platelets')
size = (300, 300)

train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(
        type='PhotoMetricDistortion',
        brightness_delta=32,
        contrast_range=(0.5, 1.5),
        saturation_range=(0.5, 1.5),
        hue_delta=18,
    ),
    dict(type='Expand', mean=[123.675, 116.28, 103.53], to_rgb=True, ratio_range=(1, 2)),
    dict(type='MinIoURandomCrop', min_ious=(0.1, 0.3, 0.5, 0.7, 0.9), min_crop_size=0.3),
    dict(type='Resize', scale=size, keep_ratio=False),
    dict(type='RandomFlip', direction=['horizontal', 'vertical', 'diagonal'], prob=0.75),
    dict(type='PackDetInputs'),
]
val_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=size, keep_ratio=False),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]
train_dataloader = dict(dataset=dict(metainfo=dict(classes=classes), pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(metainfo=dict(classes=classes), pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(metainfo=dict(classes=classes), pipeline=val_pipeline))
