"""Stop when validation has not improved for long."""

from __future__ import annotations

from typing import Any

from mmholdout.history.measurement import Measurement
from mmholdout.hooks.best_sample import BestSample
from mmholdout.hooks.steering import MonitorHook, Stage
from mmholdout.monitor.early_stop import EarlyStopDecision, Stop
from mmholdout.monitor.resolve import check_significance
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
        significance: an epoch counts as improved only where a paired bootstrap of the val images
            gives at least this probability that it is better than the best so far, in (0.5, 1);
            mAP and AP of a class only. None compares values.
    """

    stage = Stage.STOP

    def __init__(
        self,
        monitor: str,
        patience: int = 10,
        min_delta: float = 0.0,
        begin: int = 1,
        mode: str | None = None,
        significance: float | None = None,
    ) -> None:
        super().__init__(monitor, begin, mode)
        self.decision = EarlyStopDecision(
            'max', patience, min_delta=min_delta, significance=significance
        )
        self._sample = BestSample()
        self._limits: dict[str, int] = {}  # of the run, when it was stopped

    def set_mode(self, mode: str) -> None:
        """See MonitorHook."""
        self.decision.mode = mode

    def before_train(self, runner: Any) -> None:
        """A run that has stopped early trains on only where the config now allows it more."""
        super().before_train(runner)
        self._check_significance(runner)
        if not self.decision.stopped:
            return
        sentence, limit = self.decision.sentence(self.key), runner.train_loop.limit
        before, now = self._limits.get(limit), getattr(runner.train_loop, limit)
        reasons = []
        if not self.decision.still_stopped():
            reasons.append(f'patience is {self.decision.patience} now')
        if before is not None and now > before:
            reasons.append(f'{limit} was raised from {before} to {now}')
        if reasons:
            runner.say(
                f'the run had stopped early: {sentence}. {" and ".join(reasons)}, so it goes on; '
                'validations without improvement are counted on'
            )
        else:
            runner.stop(sentence, 'early_stop')
            runner.say(
                'the run had stopped early and is not trained on; raise patience or '
                f'{limit} in the config for that'
            )

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Count this validation; one too many ends the run."""
        value = self.value(measurement)
        if value is None:
            return
        stop = self._observe(runner, value, measurement.epoch)
        self.say_notice(runner, measurement, self.decision.notice)
        if stop is not None:
            limit = runner.train_loop.limit
            self._limits = {limit: getattr(runner.train_loop, limit)}
            runner.stop(stop.sentence(self.key), 'early_stop')

    def _check_significance(self, runner: Any) -> None:
        if self.decision.significance is None:
            return
        check_significance(self.key, self.decision.significance)
        self._sample.check(runner)
        if self.decision.best is not None and not self._sample:
            runner.say(
                'EarlyStoppingHook: the checkpoint has no detections of the best epoch, so '
                'significance is asked for only after the next improvement'
            )

    def _observe(self, runner: Any, value: float, epoch: int) -> Stop | None:
        if self.decision.significance is None:
            return self.decision.observe(value, epoch)
        now = self._sample.of_validation(runner, self.key)
        stop = self.decision.observe(value, epoch, self._sample.p_better(now))
        if not self.decision.num_bad:
            self._sample.keep(now)
        return stop

    def state_dict(self) -> dict[str, Any]:
        """Counters, and the length the run was to have when it was stopped; no patience.

        With `significance` also what is needed of the best epoch's detections.
        """
        sample = {} if self.decision.significance is None else {'sample': self._sample.state_dict()}
        return {**self.decision.state_dict(), 'limits': dict(self._limits), **sample}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self._limits = dict(state['limits'])
        self.decision.load_state_dict(state)
        self._sample.load_state_dict(state.get('sample', {}))
