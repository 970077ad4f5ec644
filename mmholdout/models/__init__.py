"""Detectors' fixes, and loss and predictions of validation from one forward pass."""

# Importing them registers their classes.
from mmholdout.models import channels_last_detector, plain_conv_net, ssd_head

__all__ = ['channels_last_detector', 'plain_conv_net', 'ssd_head']
