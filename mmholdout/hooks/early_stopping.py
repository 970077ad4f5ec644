"""Stop when validation has not improved for long."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import MonitorHook, Stage
from mmholdout.monitor.early_stop import EarlyStopDecision
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class EarlyStoppingHook(MonitorHook):
    """End training after more than `patience` validations without improvement.

    Args:
        monitor: what to watch, say 'mAP'.
        patience: validations without improvement that are tolerated.
        min_delta: absolute improvement that counts.
        begin: first epoch whose validation counts.
        mode: see MonitorHook.
    """

    stage = Stage.STOP

    def __init__(
        self,
        monitor: str,
        patience: int = 10,
        min_delta: float = 0.0,
        begin: int = 1,
        mode: str | None = None,
    ) -> None:
        super().__init__(monitor, begin, mode)
        self.decision = EarlyStopDecision('max', patience, min_delta=min_delta)

    def set_mode(self, mode: str) -> None:
        """See MonitorHook."""
        self.decision.mode = mode

    def before_train(self, runner: Any) -> None:
        """A run that has stopped early does not train on, unless patience was raised."""
        super().before_train(runner)
        if self.decision.still_stopped():
            runner.stop(self.decision.sentence(self.key), 'early_stop')

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Count this validation; one too many ends the run."""
        value = self.value(measurement)
        if value is None:
            return
        stop = self.decision.observe(value, measurement.epoch)
        self.say_notice(runner, measurement, self.decision.notice)
        if stop is not None:
            runner.stop(stop.sentence(self.key), 'early_stop')

    def state_dict(self) -> dict[str, Any]:
        """Counters only; patience comes from the config."""
        return self.decision.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self.decision.load_state_dict(state)
