"""Save the run's state once its epoch is complete, validation included."""

from __future__ import annotations

from typing import Any

from mmholdout.errors import ConfigError
from mmholdout.history.measurement import Measurement
from mmholdout.hooks.steering import Stage, SteeringHook
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class CheckpointHook(SteeringHook):
    """Write `last.pth` (the one before stays as `last.prev.pth`), and numbered copies if asked.

    Args:
        save_every: epochs between two saves; the end of the run is always saved.
        keep: how many numbered checkpoints (`epoch_12.pth`) to keep besides; 0 for none.
    """

    stage = Stage.SAVE

    def __init__(self, save_every: int = 1, keep: int = 0) -> None:
        for name, value, least in (('save_every', save_every, 1), ('keep', keep, 0)):
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ConfigError(
                    f'default_hooks.checkpoint.{name} must be an integer >= {least}, got {value!r}'
                )
        self.save_every = save_every
        self.keep = keep
        self._saved_at = -1

    def after_validation(self, runner: Any, measurement: Measurement) -> None:
        """Save if the epoch is due or validation has just ended the run."""
        self._save_if_due(runner, measurement)

    def after_plain_epoch(self, runner: Any, measurement: Measurement) -> None:
        """Save if the epoch is due."""
        self._save_if_due(runner, measurement)

    def after_train(self, runner: Any) -> None:
        """Save the end of the run, whatever ended it."""
        if self._saved_at != runner.iter:
            self._save(runner, runner.epoch)

    def _save_if_due(self, runner: Any, measurement: Measurement) -> None:
        if measurement.epoch % self.save_every == 0 or runner.train_loop.stop_training:
            self._save(runner, measurement.epoch)

    def _save(self, runner: Any, epoch: int) -> None:
        runner.save_last(numbered=epoch if self.keep else None, keep=self.keep)
        self._saved_at = runner.iter
