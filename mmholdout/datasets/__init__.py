from mmholdout.datasets import epoch_sampler, min_iou_crop  # noqa: F401 - they register
