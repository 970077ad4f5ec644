# YOLOX's augmentation: the other images are drawn by the sample's own seed.
_base_ = '../../integration/detectors/yolox.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
mixed = [
    dict(type='Mosaic', img_scale=(64, 64)),
    dict(type='RandomAffine', scaling_ratio_range=(0.5, 1.5), border=(-32, -32)),
    dict(type='MixUp', img_scale=(64, 64), ratio_range=(0.8, 1.6)),
    dict(type='YOLOXHSVRandomAug'),
]
files = dict(
    type='VOCDataset',
    ann_file='ImageSets/Main/train.txt',
    metainfo=dict(classes=_base_.classes),
    pipeline=load,
)
train_dataloader = dict(
    dataset=dict(
        _delete_=True, type='MultiImageMixDataset', dataset=files, pipeline=[*mixed, *rest]
    )
)
