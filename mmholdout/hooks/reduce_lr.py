"""Reduce the learning rate when validation stops improving."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import MonitorHook, Stage
from mmholdout.monitor.plateau import PlateauDecision
from mmholdout.monitor.wording import validations
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class ReduceLROnPlateauHook(MonitorHook):
    """Multiply the learning rate by `factor` after more than `patience` bad validations.

    Args:
        monitor: what to watch, say 'mAP'.
        factor: in (0, 1).
        patience: validations without improvement that are tolerated (torch's meaning).
        min_delta: absolute improvement that counts.
        cooldown: validations after a cut in which nothing is counted.
        min_scale: floor of the product of all cuts, as a fraction of each group's base rate.
        begin: first epoch whose validation counts.
        mode: see MonitorHook.
    """

    stage = Stage.RATE

    def __init__(
        self,
        monitor: str,
        factor: float = 0.1,
        patience: int = 3,
        min_delta: float = 0.0,
        cooldown: int = 0,
        min_scale: float = 0.0,
        begin: int = 1,
        mode: str | None = None,
    ) -> None:
        super().__init__(monitor, begin, mode)
        self.decision = PlateauDecision(
            'max', factor, patience, min_delta=min_delta, cooldown=cooldown, min_scale=min_scale
        )
        self.cuts: list[int] = []

    @property
    def lr_scale(self) -> float:
        """What LearningRateHook multiplies every base rate by."""
        return self.decision.scale

    def set_mode(self, mode: str) -> None:
        """See MonitorHook."""
        self.decision.mode = mode

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Count this validation, cut if it was one too many, and say so."""
        value = self.value(measurement)
        if value is None:
            return
        cut = self.decision.observe(value)
        self.say_notice(runner, measurement, self.decision.notice)
        if cut is not None:
            self.cuts.append(measurement.epoch)
            runner.say(
                f'Epoch {measurement.epoch}: learning rate x {self.decision.factor:g} '
                f'(now {self.decision.scale:g} of the schedule): '
                f'{self.key} has not improved on {_shown(self.decision.best)} for '
                f'{validations(cut.num_bad, runner.epochs_of(cut.num_bad))} '
                f'(patience {self.decision.patience})'
            )

    def state_dict(self) -> dict[str, Any]:
        """Counters only; patience and factor come from the config."""
        return {**self.decision.state_dict(), 'cuts': list(self.cuts)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        state = dict(state)
        self.cuts = list(state.pop('cuts'))
        self.decision.load_state_dict(state)


def _shown(best: float | None) -> str:
    return 'any value' if best is None else f'{best:.4f}'
