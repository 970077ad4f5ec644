# The plainest case: everything from bases.
_base_ = ['_base_/ssd.py', '_base_/voc_folder.py', '_base_/schedule.py', '_base_/runtime.py']
