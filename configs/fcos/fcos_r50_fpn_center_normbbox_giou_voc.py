# FCOS-R50 with the improvements of its authors: centre sampling, boxes in units of the stride
# (`norm_on_bbox`), centerness beside the boxes, GIoU. Otherwise as fcos_r50_fpn_voc.py.
#   python tools/train.py configs/fcos/fcos_r50_fpn_center_normbbox_giou_voc.py \
#     --cfg-options data_root=VOCdevkit
# Expected: not measured, nor the time. No number for VOC is known; mmdet's is for COCO,
# another set and another measure: 38.7 box AP (Caffe's ResNet, 1x).
_base_ = './fcos_r50_fpn_voc.py'

model = dict(
    bbox_head=dict(
        norm_on_bbox=True,
        centerness_on_reg=True,
        center_sampling=True,
        conv_bias=True,
        loss_bbox=dict(type='GIoULoss'),
    ),
    test_cfg=dict(nms=dict(iou_threshold=0.6)),
)
optim_wrapper = dict(clip_grad=None)
