# Images of rare classes several times in an epoch, each time with a seed of its own index.
_base_ = '../../integration/detectors/fcos.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
files = dict(
    type='VOCDataset',
    ann_file='ImageSets/Main/train.txt',
    metainfo=dict(classes=_base_.classes),
    pipeline=[*load, dict(type='PhotoMetricDistortion'), *rest],
)
train_dataloader = dict(
    dataset=dict(_delete_=True, type='ClassBalancedDataset', oversample_thr=0.6, dataset=files)
)
