"""The best epoch's detections, kept in a compact form to compare later epochs with."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from mmholdout.errors import ConfigError
from mmholdout.metrics.bootstrap_order import BootstrapOrder, bootstrap_order
from mmholdout.metrics.intervals import MIN_IMAGES
from mmholdout.metrics.keys import class_key
from mmholdout.metrics.paired_bootstrap import paired_bootstrap


class BestSample:
    """Says how probable it is that an epoch is better than the one that was kept.

    Draws are the same in every comparison, so that a resumed run decides alike.
    """

    def __init__(self) -> None:
        self._best: BootstrapOrder | None = None
        self._curve: Any = 'area'

    def __bool__(self) -> bool:
        return self._best is not None

    @staticmethod
    def check(runner: Any) -> None:
        """Refuse a val split that is too small to tell anything.

        Raises:
            ConfigError: with the numbers.
        """
        images = len(runner.val_loop.loaders['val'].dataset)
        if images < MIN_IMAGES:
            raise ConfigError(
                f'EarlyStoppingHook: significance needs at least {MIN_IMAGES} val images, there '
                f'are {images}. Leave significance out'
            )

    def of_validation(self, runner: Any, key: str) -> BootstrapOrder:
        """What the validation that has just been measured found.

        Args:
            runner: the run.
            key: 'val/mAP', or of one class.

        Raises:
            ConfigError: no metric of the val split leaves its judged detections.
        """
        for metric in runner.val_loop.metrics:
            result = getattr(metric, 'result', None)
            judged = getattr(result, 'judged', None)
            if judged is None:
                continue
            self._curve = result.options.ap_mode
            order = bootstrap_order(judged)
            keys = [f'val/{class_key(row.name)}' for row in result.per_class]
            return order.of_class(keys.index(key)) if key in keys else order
        raise ConfigError('EarlyStoppingHook: significance needs VOCMetric in val_evaluator')

    def p_better(self, now: BootstrapOrder) -> float | None:
        """Probability that `now` is better; None where nothing was kept yet."""
        if self._best is None:
            return None
        return paired_bootstrap(now, self._best, curve=self._curve).p_better

    def keep(self, now: BootstrapOrder) -> None:
        """Compare with this one from here on."""
        self._best = now

    def state_dict(self) -> dict[str, Any]:
        """Arrays as tensors; empty where nothing was kept."""
        if self._best is None:
            return {}
        return {
            name: torch.from_numpy(np.ascontiguousarray(value))
            if isinstance(value, np.ndarray)
            else value
            for name, value in self._best.state().items()
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        plain = {
            name: value.cpu().numpy() if isinstance(value, torch.Tensor) else value
            for name, value in state.items()
        }
        self._best = BootstrapOrder.from_state(plain) if plain else None
