# RTMDet-l at 640 px, from scratch, on Pascal VOC 07+12, selected on `val`, tested once.
#   python tools/train.py configs/rtmdet/rtmdet_l_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 51.3 box AP.
_base_ = [
    '../_base_/models/rtmdet_l.py',
    '../_base_/datasets/voc0712_rtmdet.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

train_cfg = dict(max_epochs=300)
# mmdet's 0.004 is for 256 images. Its rate falls from epoch 150 on, this one from the beginning.
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='AdamW', lr=0.004 * 32 / 256, weight_decay=0.05),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0, bypass_duplicate=True),
    clip_grad=None,
)
schedule = dict(type='cosine', min_factor=0.05, warmup=dict(iters=1000, start_factor=1e-5))
ema = dict(momentum=2e-4, gamma=2000)
evaluation = dict(interval=10)
custom_hooks = [  # the schedule ends the run
    dict(type='PipelineSwitchHook', switch_epoch=280, switch_pipeline=_base_.last_pipeline)
]
