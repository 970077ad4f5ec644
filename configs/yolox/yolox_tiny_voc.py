# YOLOX-tiny at 416 px, from scratch, on Pascal VOC 07+12, selected on `val`, tested once.
#   python tools/train.py configs/yolox/yolox_tiny_voc.py --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 32.0 box AP.
_base_ = [
    '../_base_/models/yolox_tiny.py',
    '../_base_/datasets/voc0712_yolox_tiny.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

model = dict(
    data_preprocessor=dict(
        batch_augments=[
            dict(
                type='BatchSyncRandomResize',
                random_size_range=(320, 640),
                size_divisor=32,
                interval=10,
            )
        ]
    ),
)
train_cfg = dict(max_epochs=300)
# The paper's 0.01 is for 64 images. It warms up for 5 epochs: 2,570 iterations of 16 images.
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=0.01 * 16 / 64, momentum=0.9, weight_decay=5e-4, nesterov=True),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
    clip_grad=None,
)
schedule = dict(type='cosine', min_factor=0.05, warmup=dict(iters=2570, start_factor=0.001))
ema = dict(momentum=1e-4, gamma=2000)
evaluation = dict(interval=10)
custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=15)]  # the schedule ends the run
