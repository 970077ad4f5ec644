# SSD300 on nine tenths of VOC 07+12 `trainval` (about 14,900 images), selected on the rest.
#   python tools/train.py configs/ssd300_voc_minival.py --cfg-options data_root=path/to/VOCdevkit
# Expected: not measured (the paper: 77.2 on VOC07 test, trained on all of `trainval`)
_base_ = './ssd300_voc.py'

# Drawn by the images' ids, not by their place in a list: the parts cannot overlap.
lists = ['VOC2007/ImageSets/Main/trainval.txt', 'VOC2012/ImageSets/Main/trainval.txt']
train_dataloader = dict(dataset=dict(ann_file=lists, part=dict(start=0.0, stop=0.9)))
val_dataloader = dict(dataset=dict(ann_file=lists, part=dict(start=0.9, stop=1.0)))
train_cfg = dict(max_epochs=258)  # 120,000 iterations
