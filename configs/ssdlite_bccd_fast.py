#   python tools/train.py configs/ssdlite_bccd_fast.py --cfg-options data_root=path/to/bccd
# Expected: ssdlite_bccd.py's samples, made in a fraction of the time; accuracy not measured
_base_ = './ssdlite_bccd.py'

steps = _base_.train_pipeline  # read, boxes; zoom out, crop, resize, flip, colours; pack
train_pipeline = [
    dict(type='CachedImages', max_bytes=300_000_000),  # all 205 images of 640 x 480 px take 189 MB
    steps[1],
    dict(type='SSDAugmentation', transforms=steps[2:7]),
    steps[7],
]
# On two cores a worker takes its time from the model; with more cores, or a GPU, give it some.
train_dataloader = dict(
    num_workers=0, persistent_workers=False, dataset=dict(pipeline=train_pipeline)
)
val_dataloader = dict(num_workers=0, persistent_workers=False)
optim_wrapper = dict(optimizer=dict(fused=True))
