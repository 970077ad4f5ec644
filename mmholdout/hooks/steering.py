"""What happens after a validation, and in which order."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from mmengine.hooks import Hook

from mmholdout.errors import ConfigError
from mmholdout.history.measurement import Measurement
from mmholdout.monitor.gate import CountingGate
from mmholdout.monitor.resolve import check_mode, resolve_monitor


class Stage(IntEnum):
    """The order in which steering hooks are called after a validation."""

    RECORD = 0
    RATE = 1
    BEST = 2
    STOP = 3
    SAVE = 4
    LINE = 5
    REPORT = 6


class SteeringHook(Hook):
    """A hook that the run calls, in the order of `stage`, once validation has been left.

    Unlike `after_val_epoch`, which fires inside the validation, here the model is back in
    training mode and the random states are restored.
    """

    stage = Stage.REPORT

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Act on a validation."""

    def after_plain_epoch(self, runner: Any, measurement: Measurement) -> None:
        """Act on an epoch that was not validated; its measurement has train keys only."""


class MonitorHook(SteeringHook):
    """A steering hook that watches one metric of the val split.

    Args:
        monitor: a key such as 'val/mAP', or its last segment where that is unambiguous.
        begin: the first epoch whose validation counts.
        mode: need not be given; one that contradicts the metric's own direction is an error.
    """

    def __init__(self, monitor: str, begin: int = 1, mode: str | None = None) -> None:
        self.monitor = monitor
        self.begin = begin
        self.mode = mode
        self.key = ''
        self._gate = CountingGate(begin, 0)

    def before_train(self, runner: Any) -> None:
        """Resolve the monitor against the metrics that this run declares."""
        self.resolve(runner.declared_metrics, runner.warmup_iters)

    def resolve(self, declared: dict[str, Any], warmup_iters: int) -> None:
        """Fix key and direction; raises ConfigError for a monitor that no metric has."""
        self.key, mode = resolve_monitor(self.monitor, declared)
        check_mode(self.key, self.mode, declared)
        self._gate = CountingGate(self.begin, warmup_iters)
        self.set_mode(mode)

    def set_mode(self, mode: str) -> None:
        """Tell the decision whether more or less is better."""
        raise NotImplementedError

    def value(self, measurement: Measurement) -> float | None:
        """The monitored value, or None while validations do not count yet.

        Raises:
            ConfigError: when the validation did not measure the key at all.
        """
        if not self._gate.counts(measurement.epoch, measurement.iteration):
            return None
        if self.key not in measurement.metrics:
            measured = ', '.join(sorted(measurement.metrics))
            raise ConfigError(
                f'monitor {self.key!r} was not measured by the validation after epoch '
                f'{measurement.epoch}; measured: {measured}'
            )
        return measurement.metrics[self.key]

    def say_notice(self, runner: Any, measurement: Measurement, notice: str | None) -> None:
        """Say aloud what the decision remarked, such as a value that is NaN."""
        if notice:
            runner.say(f'Epoch {measurement.epoch}: {type(self).__name__}, {self.key}: {notice}')
