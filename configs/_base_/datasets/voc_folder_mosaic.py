# A folder in VOC layout at 320 px, with YOLOX-tiny's augmentation: four images in one (mosaic),
# then scaled by 0.5 to 1.5 and cut to 320 px. Images keep their aspect ratio and are padded.
# In the last epochs YOLOXModeSwitchHook leaves mosaic and affine out.
# The train data set is wrapped, so that classes are one level deeper there than in val and test.
_base_ = './voc_folder.py'

image_size = 320
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
        scaling_ratio_range=(0.5, 1.5),
        border=(-image_size // 2, -image_size // 2),
    ),
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
    batch_size=8,
    dataset=dict(
        _delete_=True,
        type='MultiImageMixDataset',
        dataset=dict(
            type='VOCDataset',
            ann_file='ImageSets/Main/train.txt',
            data_prefix=dict(sub_data_root=''),
            pipeline=load,
        ),
        pipeline=mixed_pipeline,
    ),
)
val_dataloader = dict(batch_size=8, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(batch_size=8, dataset=dict(pipeline=val_pipeline))
