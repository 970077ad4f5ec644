# What the small detectors share: the sample's data at 96 px, our schedule and runtime, two epochs.
_base_ = [
    '../../../configs/_base_/datasets/sample.py',
    '../../../configs/_base_/schedules/plateau.py',
    '../../../configs/_base_/default_runtime.py',
]

load = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(96, 96), keep_ratio=False),
]
small_train = [*load, dict(type='RandomFlip', prob=0.5), dict(type='PackDetInputs')]
small_val = [*load, dict(type='PackDetInputs')]
train_dataloader = dict(batch_size=6, dataset=dict(pipeline=small_train, serialize_data=False))
val_dataloader = dict(batch_size=5, dataset=dict(pipeline=small_val, serialize_data=False))
test_dataloader = dict(batch_size=5, dataset=dict(pipeline=small_val, serialize_data=False))

optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW', lr=1e-3))
schedule = dict(_delete_=True, type='constant')
train_cfg = dict(max_epochs=2)
evaluation = dict(train_eval=4)
default_hooks = dict(curves=None)

# Parts of the models; a name that a config does not read is an error, so they are in one.
small = dict(
    preprocessor=dict(
        type='DetDataPreprocessor', mean=[114.0] * 3, std=[58.0] * 3, pad_size_divisor=32
    ),
    resnet=dict(
        type='ResNet',
        depth=18,
        base_channels=8,
        num_stages=4,
        out_indices=(0, 1, 2, 3),
        norm_cfg=dict(type='BN', requires_grad=True),
        norm_eval=False,
    ),
    fpn=dict(
        type='FPN',
        in_channels=[8, 16, 32, 64],
        out_channels=32,
        start_level=1,
        add_extra_convs='on_output',
        num_outs=4,
    ),
    strides=[8, 16, 32, 64],
    tower=dict(num_classes=4, in_channels=32, feat_channels=32, stacked_convs=2),
    group_norm=dict(type='GN', num_groups=8),
    coder=dict(type='DeltaXYWHBBoxCoder', target_means=[0.0] * 4, target_stds=[0.1, 0.1, 0.2, 0.2]),
    test_cfg=dict(
        nms_pre=300,
        min_bbox_size=0,
        score_thr=0.001,
        nms=dict(type='nms', iou_threshold=0.5),
        max_per_img=50,
    ),
)
