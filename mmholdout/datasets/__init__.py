"""Reading of detection data, and the order in which it is served."""

from mmholdout import guards, registry  # the registry makes mmdet importable
from mmholdout.quick_import import quick_import

with quick_import():
    import mmdet.datasets  # noqa: F401

guards.apply_to_datasets()

from mmholdout.datasets import (  # noqa: E402  (they register their classes, after mmdet's)
    cached_images,
    cached_mixup,
    cached_mosaic,
    coco,
    epoch_sampler,
    min_iou_crop,
    ssd_augmentation,
    voc,
    yolo,
)

__all__ = [
    'cached_images',
    'cached_mixup',
    'cached_mosaic',
    'coco',
    'epoch_sampler',
    'min_iou_crop',
    'registry',
    'ssd_augmentation',
    'voc',
    'yolo',
]
