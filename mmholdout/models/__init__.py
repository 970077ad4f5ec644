"""Detectors' fixes, and loss and predictions of validation from one forward pass."""

# The registry first: it makes mmdet importable. The others register their classes.
from mmholdout import registry
from mmholdout.models import channels_last_detector, plain_conv_net, ssd_head

__all__ = ['channels_last_detector', 'plain_conv_net', 'registry', 'ssd_head']
