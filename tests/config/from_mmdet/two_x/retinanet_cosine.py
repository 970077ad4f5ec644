# Weights from a file, gradients clipped, a cosine with a floor.
_base_ = ['_base_/retinanet.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
optimizer_config = dict(_delete_=True, grad_clip=dict(max_norm=35, norm_type=2))
lr_config = dict(
    _delete_=True,
    policy='CosineAnnealing',
    warmup='linear',
    warmup_iters=100,
    warmup_ratio=0.1,
    min_lr_ratio=1e-2,
)
