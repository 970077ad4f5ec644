"""The run's face: a bar with ETA or plain lines, and one line a validation."""

from __future__ import annotations

import time
from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import Stage, SteeringHook
from mmholdout.registry import HOOKS
from mmholdout.report.coco_line import coco_line
from mmholdout.report.cost import validation_cost
from mmholdout.report.eta import Eta, clock
from mmholdout.report.line import plain_line, summary_line


@HOOKS.register_module()
class ConsoleHook(SteeringHook):
    """Show progress, and after each validation its one-line summary, with a second for COCO.

    Args:
        interval: iterations between plain progress lines where there is no terminal.
    """

    stage = Stage.LINE
    priority = 'LOW'

    def __init__(self, interval: int = 50) -> None:
        self.interval = interval
        self._eta = Eta()
        self._last = 0.0
        self._train_seconds = self._val_seconds = 0.0
        self._cost_said = self._intervals_said = False

    def before_train_epoch(self, runner: Any) -> None:
        """Start the clock of the first iteration."""
        self._last = time.perf_counter()

    def after_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        """Move the bar, or print a line every `interval` iterations."""
        now = time.perf_counter()
        self._eta.observe_iter(now - self._last)
        self._last = now
        loop, done = runner.train_loop, batch_idx + 1
        due = done % self.interval == 0
        if not (due or runner.console.live):
            return
        left = self._eta.remaining(loop.end_iter - loop.iter, runner.validations_left)
        note = f'loss {float(outputs["loss"]):.3f}  eta {clock(left)}'
        label = f'epoch {loop.epoch + 1}/{loop.end_epoch}'
        if runner.console.live:
            runner.console.progress(label, done, loop.iters_per_epoch, note)
        else:
            runner.say(
                f'{label}  iteration {done}/{loop.iters_per_epoch}  {note}  '
                f'{self._eta.seconds_per_iter:.2f} s/iteration'
            )

    def before_val_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Move the bar of the split that is being measured."""
        loop = runner.val_loop
        runner.console.progress(f'  {loop.split}', batch_idx, len(loop.loaders[loop.split]))

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Print the line; the second time also what validation costs."""
        self._eta.observe_validation(measurement.val_seconds)
        self._last = time.perf_counter()
        runner.say(
            summary_line(
                measurement.row(lr=runner.learning_rate),
                runner.best.best,
                runner.best.epoch,
                runner.best_key,
                iou_thr=runner.iou_thr,
            )
        )
        if line := coco_line(measurement.metrics):
            runner.say(f'  {line}')
        if not self._intervals_said:
            self._say_why_none(runner)
        if self._train_seconds and not self._cost_said:  # the first epoch is not typical
            cost = validation_cost(
                measurement.train_seconds, measurement.val_seconds, runner.interval
            )
            runner.say(cost.sentence())
            self._cost_said = True
        self._train_seconds += measurement.train_seconds

    def after_plain_epoch(self, runner: Any, measurement: Measurement) -> None:
        """In a run without any validation, a line with what there is."""
        if not runner.validates:
            runner.say(plain_line(measurement.row(lr=runner.learning_rate)))

    def _say_why_none(self, runner: Any) -> None:
        intervals = getattr(getattr(runner, 'val_loop', None), 'intervals', None)
        if intervals is not None and 'mAP' in intervals.reasons:
            runner.say(f'no interval of mAP is given: {intervals.reasons["mAP"]}')
        self._intervals_said = True

    def after_train(self, runner: Any) -> None:
        """Take the bar away."""
        runner.console.close()
