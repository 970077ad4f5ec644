# VOC 07+12 with mmdet's YOLOv3 augmentation: colours, zooming out up to 2, cropping, and any size
# between 320 and 416 px. Measured at 416 px, the aspect ratio kept.
# A group of the validation loss must have one size: val's batch is as large as train's.
_base_ = './voc0712.py'

image_size = 416
mean = [123.675, 116.28, 103.53]  # RGB, what Expand paints around the image

train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Expand', mean=mean, to_rgb=True, ratio_range=(1, 2)),
    dict(type='MinIoURandomCrop', min_ious=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9), min_crop_size=0.3),
    dict(type='RandomResize', scale=[(320, 320), (image_size, image_size)], keep_ratio=True),
    dict(type='RandomFlip', prob=0.5),
    dict(type='PhotoMetricDistortion'),
    dict(type='PackDetInputs'),
]
val_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(image_size, image_size), keep_ratio=True),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]

train_dataloader = dict(batch_size=24, dataset=dict(difficult='ignore', pipeline=train_pipeline))
val_dataloader = dict(batch_size=24, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(batch_size=24, dataset=dict(pipeline=val_pipeline))
