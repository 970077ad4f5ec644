# YOLOv3-MobileNetV2 at 320 px, from scratch, on a folder in VOC layout: for some hundred images.
#   python tools/train.py configs/yolo/yolov3_mobilenetv2_voc_folder.py --cfg-options data_root=...
# Expected: 0.36 s of processor time an image and epoch; mAP is that of your data
#
# Your own classes: a child with `classes = (...)` and the four lines below that read it. Priors
# that fit them: python tools/prepare_data.py priors my_child.py. Several hundred images: fewer
# epochs, `--cfg-options train_cfg.max_epochs=20`.
_base_ = [
    '../_base_/models/yolov3_mobilenetv2.py',
    '../_base_/datasets/voc_folder.py',
    '../_base_/schedules/plateau.py',
    '../_base_/default_runtime.py',
]

classes = (
    *('aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'),
    *('diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa'),
    *('train', 'tvmonitor'),
)
train_pipeline = _base_.train_pipeline
train_pipeline[2].update(ratio_range=(1, 2))  # as mmdet's for this model: fewer tiny objects
train_pipeline[3].update(min_ious=(0.4, 0.5, 0.6, 0.7, 0.8, 0.9))
model = dict(
    backbone=dict(init_cfg=None),
    bbox_head=dict(num_classes=len(classes)),
)
train_dataloader = dict(
    batch_size=8, dataset=dict(metainfo=dict(classes=classes), pipeline=train_pipeline)
)
val_dataloader = dict(batch_size=8, dataset=dict(metainfo=dict(classes=classes)))
test_dataloader = dict(batch_size=8, dataset=dict(metainfo=dict(classes=classes)))

# Of 1e-3 and 3e-3, tried for 40 iterations on 105 photographs at 160 px, the greater one's loss
# fell a little faster (from 202 to 143, the other's from 203 to 154).
train_cfg = dict(max_epochs=60)
optim_wrapper = dict(
    optimizer=dict(_delete_=True, type='AdamW', lr=2e-3, weight_decay=0.05),
    paramwise_cfg=dict(norm_decay_mult=0.0, bias_decay_mult=0.0),
    clip_grad=dict(max_norm=35.0),  # as mmdet's for this model, whose loss is a sum
)
schedule = dict(type='cosine', min_factor=0.02, warmup=dict(iters=100))
evaluation = dict(interval=3, train_eval=40)
custom_hooks = []  # the schedule ends the run
