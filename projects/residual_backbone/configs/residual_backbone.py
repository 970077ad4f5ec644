# The sample's detector on a backbone from this project's folder.
#   python tools/train.py projects/residual_backbone/configs/residual_backbone.py
# Expected: no better than the sample config; nothing was tuned for it
_base_ = ['../../../configs/ssdlite_sample.py']

custom_imports = dict(imports=['projects.residual_backbone.residual_backbone'])
model = dict(
    backbone=dict(
        _delete_=True,
        type='SmallResNet',
        channels=(16, 32, 64, 96, 128),
        depths=(1, 1, 1, 1, 1),
        out_indices=(2, 3, 4),
    )
)
