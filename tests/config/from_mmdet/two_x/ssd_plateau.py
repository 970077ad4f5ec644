# The rate follows validation; two folders concatenated; an average of the weights.
_base_ = ['_base_/ssd.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
one = dict(
    type='VOCDataset',
    classes=_base_.classes,
    ann_file=_base_.data_root + 'ImageSets/Main/train.txt',
    img_prefix=_base_.data_root,
    pipeline=_base_.train_pipeline,
)
two = dict(one, ann_file=_base_.data_root + 'ImageSets/Main/more.txt')
data = dict(train=dict(_delete_=True, type='ConcatDataset', datasets=[one, two]))
lr_config = dict(
    _delete_=True, policy='ReduceLROnPlateau', monitor='mAP', factor=0.5, patience=2, min_lr=1e-5
)
custom_hooks = [
    dict(type='NumClassCheckHook'),
    dict(type='ExpMomentumEMAHook', resume_from=None, momentum=0.0001, priority=49),
]
