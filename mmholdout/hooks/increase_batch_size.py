"""Grow the effective batch instead of cutting the rate when validation stops improving."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import MonitorHook, Stage
from mmholdout.monitor.batch_growth import BatchGrowthDecision
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class IncreaseBatchSizeOnPlateauHook(MonitorHook):
    """Multiply gradient accumulation by `factor` after more than `patience` bad validations.

    Memory stays as it is; the growth takes effect at the next epoch. The alternative to
    ReduceLROnPlateauHook of Smith et al., "Don't Decay the Learning Rate, Increase the Batch
    Size" (2018).

    Args:
        monitor: what to watch, say 'mAP'.
        factor: an integer >= 2.
        patience: validations without improvement that are tolerated.
        min_delta: absolute improvement that counts.
        cooldown: validations after a growth in which nothing is counted.
        max_accumulation: accumulation never grows beyond it.
        begin: first epoch whose validation counts.
        mode: see MonitorHook.
    """

    stage = Stage.RATE

    def __init__(
        self,
        monitor: str,
        factor: int = 2,
        patience: int = 3,
        min_delta: float = 0.0,
        cooldown: int = 0,
        max_accumulation: int = 16,
        begin: int = 1,
        mode: str | None = None,
    ) -> None:
        super().__init__(monitor, begin, mode)
        self.decision = BatchGrowthDecision(
            'max',
            factor,
            patience,
            min_delta=min_delta,
            cooldown=cooldown,
            max_accumulation=max_accumulation,
        )

    @property
    def accumulation_scale(self) -> int:
        """What the run multiplies `accumulative_counts` by."""
        return self.decision.accumulation

    def set_mode(self, mode: str) -> None:
        """See MonitorHook."""
        self.decision.mode = mode

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Count this validation, grow if it was one too many, and say so."""
        value = self.value(measurement)
        if value is None:
            return
        grown = self.decision.observe(value)
        self.say_notice(runner, measurement, self.decision.notice)
        if grown is not None:
            runner.say(
                f'Epoch {measurement.epoch}: gradients of {grown} times as many batches make one '
                f'update from the next epoch on: {self.key} has stopped improving '
                f'(patience {self.decision.patience})'
            )

    def state_dict(self) -> dict[str, Any]:
        """Counters only."""
        return self.decision.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self.decision.load_state_dict(state)
