# The sample run with a hook from this project's folder.
#   python tools/train.py projects/example_hook/configs/example_hook.py
# Expected: what configs/ssdlite_sample.py gives, and one more line a validation.
_base_ = ['../../../configs/ssdlite_sample.py']

custom_imports = dict(imports=['projects.example_hook.example_hook'])
custom_hooks = [
    dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=0.1, patience=3),
    dict(type='EarlyStoppingHook', monitor='mAP', patience=10),
    dict(type='GapToBestHook'),
]
