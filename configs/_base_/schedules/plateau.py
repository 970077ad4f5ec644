# SGD whose rate falls, and which stops, by validation. The one place that defines custom_hooks:
# a child rewrites that list whole, --cfg-options custom_hooks.0.patience=5 edits it.
train_cfg = dict(type='TrainLoop', max_epochs=60)
val_cfg = dict(type='ValLoop')
test_cfg = dict(type='TestLoop')

evaluation = dict(
    interval=1,  # epochs between validations
    metric='mAP',
    by_epoch=True,
    iou_thr=0.5,
    begin=1,  # first epoch that is validated
    loss=True,  # the validation loss, from the same forward pass
    train_eval=100,  # train images measured like the val split, for a fair gap
    save_best='mAP',
)

optim_wrapper = dict(
    type='OptimWrapper',
    optimizer=dict(type='SGD', lr=1e-2, momentum=0.9, weight_decay=5e-4),
    clip_grad=dict(max_norm=10.0),
)
schedule = dict(type='constant', warmup=dict(iters=100, start_factor=0.1))

custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=3),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=10),
]
