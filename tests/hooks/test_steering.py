import math

import pytest

from mmholdout.errors import ConfigError
from mmholdout.history.measurement import Measurement
from mmholdout.hooks import (
    BestModelHook,
    CheckpointHook,
    ConsoleHook,
    CurvesHook,
    EarlyStoppingHook,
    IncreaseBatchSizeOnPlateauHook,
    RecordHook,
    ReduceLROnPlateauHook,
)


def test_the_stated_order():
    """Record, reduce the rate, keep the best, decide to stop, save last; then tell and draw."""
    order = [
        RecordHook,
        ReduceLROnPlateauHook,
        BestModelHook,
        EarlyStoppingHook,
        CheckpointHook,
        ConsoleHook,
        CurvesHook,
    ]
    stages = [hook.stage for hook in order]
    assert stages == sorted(set(stages))
    assert IncreaseBatchSizeOnPlateauHook.stage == ReduceLROnPlateauHook.stage


def test_a_metric_that_was_not_measured_is_an_error(scripted):
    run = scripted(EarlyStoppingHook('val/mAP'))
    run.call('before_train')
    with pytest.raises(ConfigError, match=r"'val/mAP' was not measured.*measured: val/loss"):
        run.hooks[0].after_validation(run, Measurement(1, 10, {'val/loss': 1.0}))


def test_nan_is_a_value_that_was_measured(scripted):
    run = scripted(EarlyStoppingHook('val/mAP'))
    run.run([math.nan])
    assert run.stop_reason is None


def test_a_monitor_without_direction(scripted):
    with pytest.raises(ConfigError, match='direction'):
        scripted(EarlyStoppingHook('score_thr')).run([0.1])
