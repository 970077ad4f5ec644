"""Epoch and iteration for components that ask mmengine's message hub."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook

from mmholdout.registry import HOOKS


@HOOKS.register_module(force=True)
class RuntimeInfoHook(Hook):
    """Update `epoch`, `iter` and the limits; never metrics, which would be logged as new later."""

    priority = 'VERY_HIGH'

    def before_train(self, runner: Any) -> None:
        """Publish the limits and, after a resume, the position."""
        runner.message_hub.update_info('max_epochs', runner.max_epochs)
        runner.message_hub.update_info('max_iters', runner.max_iters)
        self._publish(runner)

    def before_train_epoch(self, runner: Any) -> None:
        """Publish the position."""
        self._publish(runner)

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Publish the position."""
        self._publish(runner)

    def _publish(self, runner: Any) -> None:
        runner.message_hub.update_info('epoch', runner.epoch)
        runner.message_hub.update_info('iter', runner.iter)
