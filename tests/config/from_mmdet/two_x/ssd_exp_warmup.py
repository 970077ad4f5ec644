# Exponential warm-up over epochs, gradients of several batches added up, a range of scales.
_base_ = ['_base_/ssd.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', img_scale=[(128, 128), (160, 160)], keep_ratio=True),
    dict(type='RandomFlip', flip_ratio=0.5),
    dict(type='RandomCrop', crop_size=(96, 112), allow_negative_crop=True),
    dict(type='Normalize', **_base_.img_norm_cfg),
    dict(type='Pad', size_divisor=32),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
data = dict(train=dict(pipeline=train_pipeline))
optimizer_config = dict(_delete_=True, type='GradientCumulativeOptimizerHook', cumulative_iters=4)
lr_config = dict(warmup='exp', warmup_iters=2, warmup_ratio=0.01, warmup_by_epoch=True)
