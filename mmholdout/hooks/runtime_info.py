"""Seed, epoch and iteration for components that ask mmengine's message hub."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook

from mmholdout.registry import HOOKS


@HOOKS.register_module(force=True)
class RuntimeInfoHook(Hook):
    """Update `epoch`, `iter` and the limits; never metrics, which would be logged as new later."""

    priority = 'VERY_HIGH'

    def before_train(self, runner: Any) -> None:
        """Publish the limits, the seed and, after a resume, the position."""
        runner.message_hub.update_info('max_epochs', runner.max_epochs)
        runner.message_hub.update_info('max_iters', runner.max_iters)
        runner.message_hub.update_info('seed', runner.seed)
        self._publish(runner)

    def before_train_epoch(self, runner: Any) -> None:
        """Publish the position."""
        self._publish(runner)

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Publish the position."""
        self._publish(runner)

    def before_val(self, runner: Any) -> None:
        """Publish the last training step's position, also where the run is resumed just here.

        Heads such as TOOD's choose their loss by the epoch; that of validation is training's.
        """
        last = max(runner.iter - 1, 0)
        runner.message_hub.update_info('epoch', last // runner.train_loop.iters_per_epoch)
        runner.message_hub.update_info('iter', last)

    def _publish(self, runner: Any) -> None:
        runner.message_hub.update_info('epoch', runner.epoch)
        runner.message_hub.update_info('iter', runner.iter)
