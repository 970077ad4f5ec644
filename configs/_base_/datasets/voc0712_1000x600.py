# VOC 07+12 as in mmdet's VOC configs: the longer side at most 1000 px, the shorter at most 600.
# Images of a batch are padded to one size. A group of the validation loss must have one size, too:
# val's batch is as large as train's.
_base_ = './voc0712.py'

scale = (1000, 600)
load = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=scale, keep_ratio=True),
]
train_pipeline = [*load, dict(type='RandomFlip', prob=0.5), dict(type='PackDetInputs')]
val_pipeline = [
    *load,
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]

train_dataloader = dict(batch_size=8, dataset=dict(difficult='ignore', pipeline=train_pipeline))
val_dataloader = dict(batch_size=8, dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(batch_size=8, dataset=dict(pipeline=val_pipeline))
