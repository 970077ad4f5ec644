# mmdet's own: its size is an attribute, which is saved, as is Python's generator.
_base_ = './batch_sync_random_resize.py'

resize = dict(type='mmdet.BatchSyncRandomResize', random_size_range=(32, 96), interval=2)
model = dict(data_preprocessor=dict(batch_augments=[resize]))
