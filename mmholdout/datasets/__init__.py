"""Reading of detection data, and the order in which it is served."""

from mmholdout.datasets import epoch_sampler, min_iou_crop, voc  # noqa: F401 - they register
