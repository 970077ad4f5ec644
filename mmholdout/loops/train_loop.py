"""The training loop: the only place in which parameters change."""

from __future__ import annotations

import time
from typing import Any

from mmengine.runner import BaseLoop

from mmholdout.errors import ConfigError
from mmholdout.history.measurement import Measurement
from mmholdout.loops.held_out import ValidationLeftError
from mmholdout.loops.running_mean import RunningMean
from mmholdout.loops.train_step import train_step
from mmholdout.monitor.interval import ValidationInterval
from mmholdout.registry import LOOPS


@LOOPS.register_module()
class TrainLoop(BaseLoop):
    """Train on the training split; hand over to the validation loop when it is due.

    In pseudocode::

        while not finished:
            for batch in the training split, from `step` on:
                loss(batch) -> gradient -> update
                if due after this iteration: validate
            if due after this epoch: validate
            else: tell the hooks that the epoch ended
        where validate = run the ValLoop, then let validation steer (runner.steer)

    A request to stop (Ctrl-C, SIGTERM) is answered after an accumulation window; the state
    saved then continues inside the epoch. `stop_training = True` ends it after the current step.

    Args:
        runner: the run.
        dataloader: of the training split; its sampler takes `set_position(epoch, batch)`.
        max_epochs: passes over the training split; or
        max_iters: batches, whatever the epoch.
        interval: epochs (or iterations, `by_epoch=False`) between validations.
        by_epoch: the unit of `interval`.
        begin: the first epoch that is validated.
        refit_epochs: end after so many epochs, although the rate and hooks that look ahead go by
            `max_epochs`: the beginning of a longer run, as a refit repeats it.
    """

    def __init__(
        self,
        runner: Any,
        dataloader: Any,
        max_epochs: int | None = None,
        max_iters: int | None = None,
        interval: int = 1,
        by_epoch: bool = True,
        begin: int = 1,
        refit_epochs: int | None = None,
    ) -> None:
        super().__init__(runner, dataloader)
        given = [n for n in (max_epochs, max_iters) if n is not None]
        if len(given) != 1 or isinstance(given[0], bool) or given[0] < 1:
            raise ConfigError(
                'train_cfg needs exactly one of max_epochs and max_iters, an integer >= 1; '
                f'got max_epochs={max_epochs!r}, max_iters={max_iters!r}'
            )
        self.iters_per_epoch = len(dataloader)
        self._max_iters = max_iters or max_epochs * self.iters_per_epoch
        self._max_epochs = max_epochs or -(-max_iters // self.iters_per_epoch)
        self.limit = 'max_epochs' if max_epochs else 'max_iters'
        self.end_iter, self.end_epoch = self._max_iters, self._max_epochs
        if refit_epochs is not None:
            self.limit = 'refit_epochs'
            self.end_epoch = min(refit_epochs, self._max_epochs)
            self.end_iter = min(refit_epochs * self.iters_per_epoch, self._max_iters)
        self.due = ValidationInterval(interval, by_epoch=by_epoch, begin=begin)
        self.stop_training = False
        self._epoch = self._iter = self._step = 0
        self._pending = False  # an epoch or iteration is done, what follows it is not
        self._losses = RunningMean()
        self._seconds = 0.0

    max_epochs = property(lambda self: self._max_epochs)
    max_iters = property(lambda self: self._max_iters)
    epoch = property(lambda self: self._epoch)  # completed
    iter = property(lambda self: self._iter)  # completed
    step = property(lambda self: self._step)  # completed batches of the current epoch

    def run(self) -> Any:
        """Train until the limit or until validation says stop; gives the model back."""
        runner = self.runner
        runner.call_hook('before_train')
        if self._pending:  # the saved state is from between an epoch and its validation
            self._after_batches()
        while self._iter < self.end_iter and not self.stop_training:
            self._run_epoch()
        runner.call_hook('after_train')
        return runner.model

    def _run_epoch(self) -> None:
        runner = self.runner
        self.dataloader.sampler.set_position(self._epoch, self._step)
        runner.start_accumulation(self._step, self.iters_per_epoch)
        runner.call_hook('before_train_epoch')
        runner.set_train_mode()
        started = time.perf_counter()
        for batch in self.dataloader:
            self._run_iter(batch)
            self._seconds += time.perf_counter() - started
            ends_epoch = self._step == self.iters_per_epoch
            ends_run = self._iter == self.end_iter
            if ends_epoch or ends_run:
                break
            if self.due.due_after_iter(self._iter, self._epoch + 1, is_last=False):
                self._validate()
            if self.stop_training:
                return
            runner.leave_if_asked()
            started = time.perf_counter()
        if self._step == self.iters_per_epoch:
            self._epoch, self._step = self._epoch + 1, 0
        runner.call_hook('after_train_epoch')
        self._pending = True
        self._after_batches()

    def _run_iter(self, batch: Any) -> None:
        runner = self.runner
        runner.call_hook('before_train_iter', batch_idx=self._step, data_batch=batch)
        terms = train_step(
            runner.model,
            batch,
            runner.optim_wrapper,
            where=f'epoch {self._epoch + 1}, iteration {self._iter + 1}',
        )
        self._losses.add(terms, len(batch['inputs']))
        self._iter += 1
        self._step += 1
        runner.call_hook(
            'after_train_iter', batch_idx=self._step - 1, data_batch=batch, outputs=terms
        )

    def _after_batches(self) -> None:
        """At the end of an epoch or of the run: validate if due, else only record."""
        runner = self.runner
        runner.leave_if_asked()
        is_last = self._iter == self.end_iter
        epoch = self._epoch + bool(self._step)
        due = self.due.due_after_epoch(epoch, is_last) or self.due.due_after_iter(
            self._iter, epoch, is_last
        )
        if due and runner.val_loop is not None:
            self._validate()
        else:
            self._steer({}, 0.0)
        runner.leave_if_asked()

    def _validate(self) -> None:
        self._pending = True
        started = time.perf_counter()
        try:
            metrics = self.runner.val_loop.run()
        except ValidationLeftError:
            self.runner.leave_if_asked()
            raise  # not reached: what the validation was left for makes the run leave too
        self._steer(metrics, time.perf_counter() - started)

    def _steer(self, metrics: dict[str, float], val_seconds: float) -> None:
        self.runner.save_first()  # with this validation still pending
        train = {f'train/{name}': value for name, value in self._losses.means().items()}
        measurement = Measurement(
            epoch=self._epoch + bool(self._step),
            iteration=self._iter,
            metrics={**train, **metrics},
            train_seconds=self._seconds,
            val_seconds=val_seconds,
        )
        self._losses.reset()
        self._seconds = 0.0
        self._pending = False
        self.runner.steer(measurement)

    def state_dict(self) -> dict[str, Any]:
        """The position, down to the batch, and the sums that the next history row needs."""
        return {
            'epoch': self._epoch,
            'iter': self._iter,
            'step': self._step,
            'pending': self._pending,
            'losses': self._losses.state_dict(),
            'seconds': self._seconds,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self._epoch, self._iter = int(state['epoch']), int(state['iter'])
        self._step, self._pending = int(state['step']), bool(state['pending'])
        self._losses.load_state_dict(state['losses'])
        self._seconds = float(state['seconds'])
