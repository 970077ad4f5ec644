# SSDLite-MobileNetV2 at 320 px, from scratch, on a folder in VOC layout: the base for your data.
#   python tools/train.py configs/ssdlite_voc_folder.py --cfg-options data_root=path/to/folder
#   (your own classes: a child such as ssdlite_bccd.py)
# Expected: 0.2 s an image and epoch on two CPU cores; mAP is that of your data
_base_ = [
    '_base_/models/ssdlite_mobilenetv2.py',
    '_base_/datasets/voc_folder.py',
    '_base_/schedules/plateau.py',
    '_base_/default_runtime.py',
]

classes = (
    *('aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'),
    *('diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa'),
    *('train', 'tvmonitor'),
)
model = dict(bbox_head=dict(num_classes=len(classes)))
train_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))
val_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))
test_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))
