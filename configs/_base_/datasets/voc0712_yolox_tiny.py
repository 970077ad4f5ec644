# As voc0712_yolox.py, with the milder augmentation of YOLOX-nano and -tiny: scaling by 0.5 to 1.5,
# no mix-up. Measured at 416 px.
_base_ = './voc0712_yolox.py'

mixed_pipeline = _base_.mixed_pipeline
mixed_pipeline[1].update(scaling_ratio_range=(0.5, 1.5))
del mixed_pipeline[2]  # MixUp
val_pipeline = _base_.val_pipeline
val_pipeline[2].update(scale=(416, 416))
val_pipeline[3].update(size=(416, 416))

train_dataloader = dict(dataset=dict(pipeline=mixed_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = dict(dataset=dict(pipeline=val_pipeline))
