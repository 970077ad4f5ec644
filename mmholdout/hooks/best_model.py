"""Keep the model that validation liked best."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import MonitorHook, Stage
from mmholdout.monitor.best import BestTracker
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class BestModelHook(MonitorHook):
    """Write `best_model.pth` whenever the monitored metric is strictly better than ever.

    Before it goes `val_predictions.npz`, so that the metric can be computed again.

    Args:
        monitor: what selects, say 'mAP' (`evaluation.save_best`).
        mode: see MonitorHook.
    """

    stage = Stage.BEST

    def __init__(self, monitor: str, mode: str | None = None) -> None:
        super().__init__(monitor, begin=1, mode=mode)
        self.tracker = BestTracker('max')

    def resolve(self, declared: dict[str, Any], warmup_iters: int) -> None:
        """See MonitorHook; the best is kept during warm-up too."""
        super().resolve(declared, 0)

    def set_mode(self, mode: str) -> None:
        """See MonitorHook."""
        self.tracker.mode = mode

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Compare, and write if better."""
        value = self.value(measurement)
        if value is None:
            return
        better = self.tracker.observe(value, measurement.epoch, measurement.iteration)
        self.say_notice(runner, measurement, self.tracker.notice)
        if better:
            runner.save_best(measurement, self.key)

    def state_dict(self) -> dict[str, Any]:
        """Best value, its epoch and iteration."""
        return self.tracker.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self.tracker.load_state_dict(state)
