"""RetinaNet (Lin et al., ICCV 2017) on ResNet-50 with FPN: mmdet's model file, with 20 classes.

Nine priors per cell of five levels: squares and 1:2, 2:1 of 4, 5 and 6.3 strides, 32 to 813 px.
"""

_base_ = 'mmdet::_base_/models/retinanet_r50_fpn.py'

num_classes = 20
model = dict(bbox_head=dict(num_classes=num_classes))
