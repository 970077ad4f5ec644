# Blood cells (BCCD): SSDLite at 320 px, from scratch.
#   python tools/train.py configs/ssdlite_bccd.py --cfg-options data_root=path/to/bccd
# Expected on two CPU cores: TODO-lead minutes, val mAP@0.5 TODO-lead
_base_ = './ssdlite_voc_folder.py'

data_root = 'data/bccd'
classes = ('RBC', 'WBC', 'Platelets')
model = dict(bbox_head=dict(num_classes=len(classes)))
train_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))
val_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))
test_dataloader = dict(dataset=dict(metainfo=dict(classes=classes)))
