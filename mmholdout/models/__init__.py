"""Detectors' fixes, and loss and predictions of validation from one forward pass."""

from mmholdout import compat, registry  # it makes mmdet importable
from mmholdout.quick_import import quick_import

with quick_import():
    import mmdet.models  # noqa: F401

compat.apply_to_models()

from mmholdout.models import (  # noqa: E402  (they register their classes, after mmdet's)
    batch_sync_random_resize,
    channels_last_detector,
    plain_conv_net,
    ssd_head,
    ssd_vgg_bn,
    vgg16_weights,
)

__all__ = [
    'batch_sync_random_resize',
    'channels_last_detector',
    'plain_conv_net',
    'registry',
    'ssd_head',
    'ssd_vgg_bn',
    'vgg16_weights',
]
