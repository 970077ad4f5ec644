# YOLOX-tiny at 320 px, from scratch, on a folder in VOC layout: for some hundred images on a CPU.
#   python tools/train.py configs/yolox/yolox_tiny_voc_folder.py --cfg-options data_root=path/to/it
# Expected: 0.33 s of processor time an image and epoch; mAP is that of your data
#
# Your own classes: a child with `classes = (...)` and the four lines below that read it. Several
# hundred images: fewer epochs, `--cfg-options train_cfg.max_epochs=20`.
# Otherwise than in the paper, whose 300 epochs of COCO are half a million iterations: AdamW
# instead of SGD, and a shorter average of the weights, as a run here has hundreds or thousands.
_base_ = [
    '../_base_/models/yolox_tiny.py',
    '../_base_/datasets/voc_folder_mosaic.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

classes = (
    *('aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'),
    *('diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa'),
    *('train', 'tvmonitor'),
)
model = dict(bbox_head=dict(num_classes=len(classes)))
train_dataloader = dict(dataset=dict(dataset=dict(metainfo=dict(classes=classes))))
val_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))
test_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))

# At 1e-3 the loss of 105 photographs fell from 13.2 to 9.7 in 40 iterations at 160 px.
train_cfg = dict(max_epochs=60)
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='AdamW', lr=1e-3, weight_decay=0.05),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
)
schedule = dict(type='cosine', min_factor=0.05, warmup=dict(iters=100))
ema = dict(momentum=2e-3, gamma=200)  # of the last 500 updates; fewer at the beginning
evaluation = dict(interval=3, train_eval=40)
custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=10)]  # the schedule ends the run
