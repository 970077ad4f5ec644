"""lr = base x schedule x warm-up x plateau, evaluated afresh in each iteration."""

from __future__ import annotations

import math
from typing import Any

from mmengine.hooks import Hook

from mmholdout.monitor.rate_product import schedule_of
from mmholdout.registry import HOOKS


@HOOKS.register_module()
class LearningRateHook(Hook):
    """Set every parameter group's rate from a closed form.

    Nothing is accumulated: resume, changed base rates and parameter groups are right by
    construction. The plateau part is the product of `lr_scale` over all hooks that have one.

    Args:
        schedule: `type` ('constant', 'step', 'cosine', 'poly'), its factors, `warmup`; or
            `type='product'` with `factors`, see `RatePart`.
    """

    priority = 'VERY_HIGH'

    def __init__(self, schedule: dict[str, Any] | None = None) -> None:
        self.schedule = schedule_of(schedule or {'type': 'constant'})

    def before_train(self, runner: Any) -> None:
        """Take the base rates from the optimizer as the config built it."""
        for group in runner.optim_wrapper.param_groups:
            group.setdefault('initial_lr', group['lr'])
        # Of the latest iteration: a run resumed between an epoch and its validation records it.
        self._set(runner, max(runner.train_loop.iter - 1, 0))

    def before_train_iter(self, runner: Any, batch_idx: int, data_batch: Any = None) -> None:
        """Set the rates of this iteration."""
        self._set(runner, runner.train_loop.iter)

    def factor(self, loop: Any, iteration: int) -> float:
        """Schedule and warm-up after so many iterations."""
        epoch = iteration // loop.iters_per_epoch
        return self.schedule.factor(
            epoch, iteration, loop.max_iters / loop.iters_per_epoch, loop.iters_per_epoch
        )

    def _set(self, runner: Any, iteration: int) -> None:
        factor = self.factor(runner.train_loop, iteration)
        factor *= math.prod(getattr(hook, 'lr_scale', 1.0) for hook in runner.hooks)
        for group in runner.optim_wrapper.param_groups:
            group['lr'] = group['initial_lr'] * factor
