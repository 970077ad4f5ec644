"""Draw curves.png after each validation."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import Stage, SteeringHook
from mmholdout.registry import HOOKS
from mmholdout.report.curves import draw_curves


@HOOKS.register_module()
class CurvesHook(SteeringHook):
    """Losses, metrics and rate over the epochs, with cuts, best epoch and stop marked."""

    stage = Stage.REPORT

    def __init__(self) -> None:
        self._failure = ''

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Draw the run so far."""
        self._draw(runner, None)

    def after_plain_epoch(self, runner: Any, measurement: Measurement) -> None:
        """Draw a run that has no validation at all."""
        if not runner.validates:
            self._draw(runner, None)

    def after_train(self, runner: Any) -> None:
        """Draw once more, with the stop marked if validation ended the run."""
        stopped = runner.epoch if runner.stop_reason == 'early_stop' else None
        if stopped is not None:
            self._draw(runner, stopped)

    def _draw(self, runner: Any, stopped_epoch: int | None) -> None:
        """A picture that cannot be drawn ends no training; the one before stays."""
        chosen = (
            {'monitor': runner.best_key, 'best_epoch': runner.best.epoch}
            if runner.validates
            else {}
        )
        try:
            draw_curves(
                runner.history.rows,
                runner.folder.curves,
                **chosen,
                stopped_epoch=stopped_epoch,
                lr_cuts=runner.lr_cuts,
                title=runner.folder.name,
            )
        except Exception as error:  # of matplotlib, its fonts, its cache or the disk
            said = ' '.join(str(error).split())[:200] or type(error).__name__
            if said != self._failure:
                runner.say(
                    f'warning: {runner.folder.curves} was not drawn, training goes on: {said}'
                )
            self._failure = said
