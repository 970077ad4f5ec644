# Lists of files in one data set, train and val as lists of data sets; total_epochs.
_base_ = ['_base_/ssd.py', '_base_/voc_folder.py', '_base_/runtime.py']
root = _base_.data_root
data = dict(
    workers_per_gpu=2,
    persistent_workers=True,
    train=dict(
        ann_file=[root + '2023/train.txt', root + '2024/train.txt'],
        img_prefix=[root + '2023/', root + '2024/'],
        min_size=4,
        filter_empty_gt=False,
    ),
    val_dataloader=dict(samples_per_gpu=2),
)
optimizer = dict(type='AdamW', lr=1e-3, weight_decay=0.05)
lr_config = dict(policy='fixed')
total_epochs = 10
seed = 3
deterministic = True
cudnn_benchmark = False
