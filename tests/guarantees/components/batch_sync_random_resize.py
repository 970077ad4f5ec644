# YOLOX's change of size, by a class of the same name that draws it by (seed, iteration).
_base_ = '../../integration/detectors/yolox.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
resize = dict(type='BatchSyncRandomResize', random_size_range=(32, 96), interval=2)
model = dict(data_preprocessor=dict(batch_augments=[resize]))
train_dataloader = dict(dataset=dict(pipeline=[*load, *rest]))
