"""Reading of detection data, and the order in which it is served."""

from mmholdout import registry  # it makes mmdet importable
from mmholdout.quick_import import quick_import

with quick_import():
    import mmdet.datasets  # noqa: F401

from mmholdout.datasets import (
    epoch_sampler,
    min_iou_crop,
    voc,
)

__all__ = ['epoch_sampler', 'min_iou_crop', 'registry', 'voc']
