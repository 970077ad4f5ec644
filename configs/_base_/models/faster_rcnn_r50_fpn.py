"""Faster R-CNN (Ren et al., 2015) on ResNet-50 with FPN: mmdet's model file, with 20 classes.

The RPN has three priors per cell of five levels, 8 strides wide: 32 to 512 px.
"""

_base_ = 'mmdet::_base_/models/faster-rcnn_r50_fpn.py'

num_classes = 20
model = dict(roi_head=dict(bbox_head=dict(num_classes=num_classes)))
