# A tiny SSD on the generated sample set: the whole job in minutes on a CPU (`make train`).
#   python tools/prepare_data.py sample
#   python tools/train.py configs/ssdlite_sample.py
# Expected on two CPU cores: under 4 minutes, best val mAP@0.5 0.6
_base_ = [
    '_base_/models/ssd_tiny.py',
    '_base_/datasets/sample.py',
    '_base_/schedules/plateau.py',
    '_base_/default_runtime.py',
]

model = dict(bbox_head=dict(num_classes=len(_base_.classes)))
optim_wrapper = dict(optimizer=dict(_delete_=True, type='AdamW', lr=4e-3, weight_decay=0.01))
train_cfg = dict(max_epochs=18)
schedule = dict(type='cosine', min_factor=0.02, warmup=dict(iters=60))
evaluation = dict(interval=2, train_eval=60)
