"""Registered hooks: thin shells that wire pure decisions to the Runner."""

from mmholdout.quick_import import quick_import

with quick_import():
    import mmengine.hooks  # noqa: F401  (and with it `optim` and `model`)

from mmholdout.hooks.best_model import BestModelHook
from mmholdout.hooks.checkpoint import CheckpointHook
from mmholdout.hooks.compile import CompileHook
from mmholdout.hooks.console import ConsoleHook
from mmholdout.hooks.curves import CurvesHook
from mmholdout.hooks.early_stopping import EarlyStoppingHook
from mmholdout.hooks.ema import EMAHook
from mmholdout.hooks.exact_resume import ExactResumeHook
from mmholdout.hooks.increase_batch_size import IncreaseBatchSizeOnPlateauHook
from mmholdout.hooks.learning_rate import LearningRateHook
from mmholdout.hooks.overfitting import OverfittingHook
from mmholdout.hooks.pipeline_switch import PipelineSwitchHook
from mmholdout.hooks.record import RecordHook
from mmholdout.hooks.reduce_lr import ReduceLROnPlateauHook
from mmholdout.hooks.replayed_rate import ReplayedRateHook
from mmholdout.hooks.runtime_info import RuntimeInfoHook
from mmholdout.hooks.steering import MonitorHook, Stage, SteeringHook
from mmholdout.hooks.summary import SummaryHook
from mmholdout.hooks.yolox_mode_switch import YOLOXModeSwitchHook

__all__ = [
    'BestModelHook',
    'CheckpointHook',
    'CompileHook',
    'ConsoleHook',
    'CurvesHook',
    'EMAHook',
    'EarlyStoppingHook',
    'ExactResumeHook',
    'IncreaseBatchSizeOnPlateauHook',
    'LearningRateHook',
    'MonitorHook',
    'OverfittingHook',
    'PipelineSwitchHook',
    'RecordHook',
    'ReduceLROnPlateauHook',
    'ReplayedRateHook',
    'RuntimeInfoHook',
    'Stage',
    'SteeringHook',
    'SummaryHook',
    'YOLOXModeSwitchHook',
]
