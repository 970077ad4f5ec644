"""What hooks and reports ask of a run: its best value, rate, interval, number of epochs."""

from __future__ import annotations

from typing import Any

from mmengine.model import is_model_wrapper
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.hooks.best_model import BestModelHook
from mmholdout.hooks.learning_rate import LearningRateHook
from mmholdout.runner.state import training_state
from mmholdout.runner.summary import summarise


class RunFacts:
    """Read from the parts of the run; nothing is stored here."""

    hooks: list[Any]
    model: nn.Module
    train_loop: Any
    val_loop: Any
    optim_wrapper: Any

    @property
    def bare_model(self) -> nn.Module:
        """The model without a wrapper."""
        return self.model.module if is_model_wrapper(self.model) else self.model

    def training_state(self) -> dict[str, Any]:
        """What training goes on from, besides the model."""
        return training_state(self)

    def _hook(self, kind: type) -> Any:
        found = [hook for hook in self.hooks if isinstance(hook, kind)]
        if not found:
            raise ConfigError(f'default_hooks lacks {kind.__name__}')
        return found[0]

    best = property(lambda self: self._hook(BestModelHook).tracker)
    best_key = property(lambda self: self._hook(BestModelHook).key)
    interval = property(lambda self: self.train_loop.due.interval)
    iou_thr = property(lambda self: self.val_loop.metrics[0].options.iou_thr)

    @property
    def warmup_iters(self) -> int:
        """Iterations in which the rate is still rising."""
        schedule = self._hook(LearningRateHook).schedule
        return int(schedule.warmup_length(self.train_loop.iters_per_epoch))

    @property
    def learning_rate(self) -> float:
        """The first parameter group's rate, as used in the latest iteration."""
        return float(self.optim_wrapper.param_groups[0]['lr'])

    @property
    def lr_cuts(self) -> list[float]:
        """Epochs after which the plateau rule cut the rate."""
        return sorted(epoch for hook in self.hooks for epoch in getattr(hook, 'cuts', ()))

    @property
    def validates(self) -> bool:
        """Whether anything is measured: a refit has no val split."""
        return self.val_loop is not None

    @property
    def validations_left(self) -> float:
        """Validations until the limit, for the ETA."""
        loop = self.train_loop
        if not self.validates:
            return 0.0
        unit = loop.iters_per_epoch if loop.due.by_epoch else 1
        return (loop.end_iter - loop.iter) / (loop.due.interval * unit)

    def epochs_of(self, count: int) -> int:
        """How many epochs so many validations take; 0 where the interval counts iterations."""
        return count * self.interval if self.train_loop.due.by_epoch else 0

    def summary(self) -> dict[str, Any]:
        """The fields of summary.json."""
        return summarise(self)

    @property
    def epochs_begun(self) -> int:
        """Epochs completed, the one under way included."""
        return int(self.train_loop.epoch) + bool(self.train_loop.step)
