# Pascal VOC 2007 and 2012, 20 classes, at 300 px with the SSD paper's augmentation.
# data/VOCdevkit holds VOC2007 (trainval and test unpacked into one folder) and VOC2012:
#   http://host.robots.ox.ac.uk/pascal/VOC/voc2007/ and .../voc2012/
# train = both years' `train` (8,218 images), val = both years' `val` (8,333), test = VOC2007's
# `test` (4,952). Nothing is chosen by test, which most published configs use as val.
data_root = 'data/VOCdevkit'
image_size = 300
mean = [123.675, 116.28, 103.53]  # RGB, what Expand paints around the image
classes = (
    *('aeroplane', 'bicycle', 'bird', 'boat', 'bottle', 'bus', 'car', 'cat', 'chair', 'cow'),
    *('diningtable', 'dog', 'horse', 'motorbike', 'person', 'pottedplant', 'sheep', 'sofa'),
    *('train', 'tvmonitor'),
)
metainfo = dict(classes=classes)

# In Caffe's order: colours, then zooming out, cropping, resizing, flipping. Two differences: the
# colour channels are permuted in half of the images (Caffe: never), and resizing is bilinear
# (Caffe: one of five kinds at random).
train_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(
        type='PhotoMetricDistortion',
        brightness_delta=32,
        contrast_range=(0.5, 1.5),
        saturation_range=(0.5, 1.5),
        hue_delta=18,
    ),
    dict(type='Expand', mean=mean, to_rgb=True, ratio_range=(1, 4), prob=0.5),
    dict(type='MinIoURandomCrop', min_ious=(0.1, 0.3, 0.5, 0.7, 0.9), min_crop_size=0.3),
    dict(type='Resize', scale=(image_size, image_size), keep_ratio=False),
    dict(type='RandomFlip', prob=0.5),
    dict(type='PackDetInputs'),
]
val_pipeline = [
    dict(type='LoadImageFromFile'),
    dict(type='LoadAnnotations', with_bbox=True),
    dict(type='Resize', scale=(image_size, image_size), keep_ratio=False),
    dict(
        type='PackDetInputs',
        meta_keys=('img_id', 'img_path', 'ori_shape', 'img_shape', 'scale_factor'),
    ),
]

train_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=True),
    dataset=dict(
        type='VOCDataset',
        ann_file=['VOC2007/ImageSets/Main/train.txt', 'VOC2012/ImageSets/Main/train.txt'],
        data_prefix=dict(sub_data_root=['VOC2007', 'VOC2012']),
        metainfo=metainfo,
        difficult='train',  # as in Caffe
        pipeline=train_pipeline,
    ),
)
val_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='VOCDataset',
        ann_file=['VOC2007/ImageSets/Main/val.txt', 'VOC2012/ImageSets/Main/val.txt'],
        data_prefix=dict(sub_data_root=['VOC2007', 'VOC2012']),
        metainfo=metainfo,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
test_dataloader = dict(
    batch_size=32,
    num_workers=2,
    persistent_workers=True,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        type='VOCDataset',
        ann_file='VOC2007/ImageSets/Main/test.txt',
        data_prefix=dict(sub_data_root='VOC2007'),
        metainfo=metainfo,
        test_mode=True,
        pipeline=val_pipeline,
    ),
)
