# SSD300 on Pascal VOC 07+12 by the paper's recipe, but selected on val and tested once.
#   python tools/train.py configs/ssd300_voc.py --cfg-options data_root=path/to/VOCdevkit
# Expected: not measured. The paper's 77.2 is a VOC07 test mAP after training on `trainval`, twice
# these images; ssd300_voc_minival.py comes nearer. VGG16's weights are downloaded (82 MB).
#
# The paper's: batch 32, SGD 1e-3, momentum 0.9, weight decay 5e-4, augmentation, 120,000
# iterations at most (467 epochs of 257). Not the paper's: validation cuts the rate and stops,
# instead of cuts at 80,000 and 100,000 iterations; a warm-up of 100 iterations; Caffe also doubles
# the rate of biases and lets them not decay.
_base_ = [
    '_base_/models/ssd300_vgg16.py',
    '_base_/datasets/voc0712.py',
    '_base_/schedules/plateau.py',
    '_base_/default_runtime.py',
]

train_cfg = dict(max_epochs=467)
evaluation = dict(interval=1, metric='mAP')
optim_wrapper = dict(
    optimizer=dict(type='SGD', lr=1e-3, momentum=0.9, weight_decay=5e-4), clip_grad=None
)
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=3),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=10, min_delta=1e-3),
]
