# COCO's numbers select; validation begins late; a log with several hooks.
_base_ = ['_base_/retinanet.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
evaluation = dict(
    interval=1, start=3, metric='bbox', save_best='bbox_mAP_50', classwise=True, rule='greater'
)
log_config = dict(
    interval=10, hooks=[dict(type='TextLoggerHook'), dict(type='TensorboardLoggerHook')]
)
optimizer_config = dict(
    _delete_=True, type='Fp16OptimizerHook', loss_scale='dynamic', grad_clip=None
)
lr_config = dict(_delete_=True, policy='exp', gamma=0.9)
