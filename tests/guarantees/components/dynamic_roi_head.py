# Dynamic R-CNN: a history in lists, a threshold in the assigner, beta in the loss.
_base_ = '../../integration/detectors/faster_rcnn.py'

load = [dict(type='LoadImageFromFile'), dict(type='LoadAnnotations', with_bbox=True)]
rest = [dict(type='Resize', scale=(64, 64), keep_ratio=False), dict(type='PackDetInputs')]
flip = [*load, dict(type='RandomFlip', prob=0.5), *rest]
train_dataloader = dict(dataset=dict(pipeline=flip))
dynamic = dict(iou_topk=75, beta_topk=10, update_iter_interval=2, initial_iou=0.2, initial_beta=1.0)
model = dict(
    roi_head=dict(
        type='DynamicRoIHead',
        bbox_head=dict(loss_bbox=dict(_delete_=True, type='SmoothL1Loss', beta=1.0)),
    ),
    train_cfg=dict(rcnn=dict(dynamic_rcnn=dynamic)),
)
