# Several scales to choose from, poly by iteration, the loss of val in the workflow.
_base_ = ['_base_/ssd.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(
        type='Resize',
        img_scale=[(160, 96), (160, 128), (160, 160)],
        multiscale_mode='value',
        keep_ratio=True,
    ),
    dict(type='RandomFlip', flip_ratio=[0.3, 0.2], direction=['horizontal', 'vertical']),
    dict(type='Normalize', **_base_.img_norm_cfg),
    dict(type='Pad', size_divisor=32),
    dict(type='DefaultFormatBundle'),
    dict(type='Collect', keys=['img', 'gt_bboxes', 'gt_labels']),
]
data = dict(train=dict(pipeline=train_pipeline))
lr_config = dict(_delete_=True, policy='poly', power=0.9, min_lr=1e-4, by_epoch=False)
workflow = [('train', 1), ('val', 1)]
