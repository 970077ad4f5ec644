# Counted in iterations throughout.
_base_ = ['_base_/ssd.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
runner = dict(_delete_=True, type='IterBasedRunner', max_iters=400)
lr_config = dict(step=[300, 350], warmup_iters=50, by_epoch=False)
checkpoint_config = dict(by_epoch=False, interval=100)
evaluation = dict(interval=100, metric='mAP')
