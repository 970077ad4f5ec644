"""The registered loops: train, validate, test."""

from mmholdout.loops.test_loop import TestLoop
from mmholdout.loops.train_loop import TrainLoop
from mmholdout.loops.val_loop import ValLoop

__all__ = ['TestLoop', 'TrainLoop', 'ValLoop']
