# FCOS as first published: what its head puts out is the same in training and in eval mode.
_base_ = './fcos.py'

model = dict(
    bbox_head=dict(
        norm_on_bbox=False,
        centerness_on_reg=False,
        center_sampling=False,
        loss_bbox=dict(type='IoULoss'),
    ),
)
