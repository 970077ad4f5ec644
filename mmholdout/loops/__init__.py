"""The registered loops, train, validate and test, and the step that training is made of."""

from mmholdout.quick_import import quick_import

with quick_import():
    import mmengine.runner  # noqa: F401  (and with it `optim` and `model`)

from mmholdout.loops.amp_optim_wrapper import AmpOptimWrapper
from mmholdout.loops.test_loop import TestLoop
from mmholdout.loops.train_loop import TrainLoop
from mmholdout.loops.val_loop import ValLoop

__all__ = ['AmpOptimWrapper', 'TestLoop', 'TrainLoop', 'ValLoop']
