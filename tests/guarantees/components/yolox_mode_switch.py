# YOLOX's last epoch: no mosaic, and an L1 loss.
_base_ = './mosaic_and_mixup.py'

custom_hooks = [dict(type='YOLOXModeSwitchHook', num_last_epochs=0)]
