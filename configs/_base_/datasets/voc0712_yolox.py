# VOC 07+12 with YOLOX's augmentation at 640 px: mosaic of four images, scaling by 0.1 to 2, mix-up
# with a fifth. In the last epochs YOLOXModeSwitchHook leaves all three out. Other images are drawn
# by (seed, epoch, index), so that a resumed run sees the same.
_base_ = './voc0712.py'

image_size = 640
size = (image_size, image_size)
grey = dict(img=(114, 114, 114))

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
resize = [
    dict(type='Resize', scale=size, keep_ratio=True),
    dict(type='Pad', size=size, pad_val=grey),
]
mixed_pipeline = [
    dict(type='Mosaic', img_scale=size, pad_val=114.0),
    dict(
        type='RandomAffine',
        scaling_ratio_range=(0.1, 2),
        border=(-image_size // 2, -image_size // 2),
    ),
    dict(type='MixUp', img_scale=size, ratio_range=(0.8, 1.6), pad_val=114.0),
    dict(type='YOLOXHSVRandomAug'),
    dict(type='RandomFlip', prob=0.5),
    *resize,
    dict(type='FilterAnnotations', min_gt_bbox_wh=(1, 1), keep_empty=False),
    dict(type='PackDetInputs'),
]
val_pipeline = [
    *load,
    *resize,
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]

train_dataloader = dict(
    batch_size=16,
    num_workers=4,
    dataset=dict(
        _delete_=True,
        type='MultiImageMixDataset',
        dataset=dict(
            type='VOCDataset',
            ann_file=['VOC2007/ImageSets/Main/train.txt', 'VOC2012/ImageSets/Main/train.txt'],
            data_prefix=dict(sub_data_root=['VOC2007', 'VOC2012']),
            metainfo=_base_.metainfo,
            pipeline=load,
        ),
        pipeline=mixed_pipeline,
    ),
)
val_dataloader = dict(batch_size=16, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(batch_size=16, dataset=dict(pipeline=val_pipeline))
