# Constant warm-up, other rates for biases, half precision.
_base_ = ['_base_/retinanet.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
optimizer = dict(lr=0.01, paramwise_cfg=dict(bias_lr_mult=2.0, bias_decay_mult=0.0))
lr_config = dict(warmup='constant', warmup_ratio=1.0 / 3)
fp16 = dict(loss_scale=512.0)
