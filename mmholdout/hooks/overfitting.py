"""Say once when the history shows overfitting."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import Stage, SteeringHook
from mmholdout.registry import HOOKS
from mmholdout.report.overfitting import find_overfitting


@HOOKS.register_module()
class OverfittingHook(SteeringHook):
    """One console line when val loss rises and val mAP stalls while train_eval loss falls."""

    stage = Stage.REPORT

    def __init__(self) -> None:
        self._said = False

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Apply the rule to the history; speak the first time it fires."""
        if self._said:
            return
        found = find_overfitting(
            runner.history.rows, monitor=runner.best_key, mode=runner.best.mode
        )
        if found is not None:
            runner.say(found.sentence())
            self._said = True

    def state_dict(self) -> dict[str, Any]:
        """Whether the line has been printed."""
        return {'said': self._said}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Do not repeat the line after a resume."""
        self._said = bool(state['said'])
