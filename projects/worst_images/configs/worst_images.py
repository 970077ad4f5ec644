# The sample run, which also draws the val images that its best model is worst at.
#   python tools/train.py projects/worst_images/configs/worst_images.py
# Expected: what configs/ssdlite_sample.py gives, and a folder worst_images in the run folder.
_base_ = ['../../../configs/ssdlite_sample.py']

custom_imports = dict(imports=['projects.worst_images.worst_images'])
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=3),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=10),
    dict(type='WorstImagesHook', count=8),
]
