# EQL v2 sums gradients in buffers, and puts a new tensor in the place of one of them.
_base_ = './seesaw_loss.py'

loss = dict(_delete_=True, type='EQLV2Loss', num_classes=4)
model = dict(roi_head=dict(bbox_head=dict(loss_cls=loss)))
