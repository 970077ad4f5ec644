# The sample set read from a CSV file, selected by how well its parts are counted.
#   python projects/csv_dataset/from_voc.py data/sample
#   python tools/train.py projects/csv_dataset/configs/csv_sample.py
# Expected: see the project's README
_base_ = ['../../../configs/ssdlite_sample.py']

custom_imports = dict(
    imports=['projects.csv_dataset.csv_dataset', 'projects.csv_dataset.count_metric']
)
train_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CSVDataset',
        ann_file='ImageSets/Main/train.txt',
        metainfo=dict(classes=_base_.classes),
        pipeline=_base_.train_pipeline,
    )
)
val_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CSVDataset',
        ann_file='ImageSets/Main/val.txt',
        test_mode=True,
        metainfo=dict(classes=_base_.classes),
        pipeline=_base_.val_pipeline,
    )
)
test_dataloader = dict(
    dataset=dict(
        _delete_=True,
        type='CSVDataset',
        ann_file='ImageSets/Main/test.txt',
        test_mode=True,
        metainfo=dict(classes=_base_.classes),
        pipeline=_base_.val_pipeline,
    )
)
val_evaluator = [dict(type='VOCMetric'), dict(type='CountMetric', score_thr=0.4)]
evaluation = dict(save_best='count_error')
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='count_error', factor=0.1, patience=3),
    dict(type='EarlyStoppingHook', monitor='count_error', patience=10),
]
