"""Which validation was the best."""

from __future__ import annotations

import math
from typing import Any

from mmholdout.monitor.compare import Mode, as_mode, is_better


class BestTracker:
    """Remember the best value and where it was; a tie keeps the earlier one.

    Args:
        mode: 'max' or 'min'.

    Attributes:
        best: None before the first finite value; likewise epoch and iteration.
        notice: what to tell the user about the last value, or None.
    """

    def __init__(self, mode: str) -> None:
        self._mode = as_mode(mode)
        self.best: float | None = None
        self.epoch: int | None = None
        self.iteration: int | None = None
        self.notice: str | None = None

    @property
    def mode(self) -> Mode:
        """The direction; may be set once the monitored metric is known."""
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        self._mode = as_mode(mode)

    def observe(self, value: float, epoch: int, iteration: int) -> bool:
        """Whether this value is strictly better than every one before."""
        value = float(value)
        self.notice = None if math.isfinite(value) else f'the value is {value}, which is never best'
        if not is_better(value, self.best, self._mode):
            return False
        self.best, self.epoch, self.iteration = value, epoch, iteration
        return True

    def state_dict(self) -> dict[str, Any]:
        """Best value, its epoch and iteration."""
        return {'best': self.best, 'epoch': self.epoch, 'iteration': self.iteration}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self.best, self.epoch = state['best'], state['epoch']
        self.iteration = state['iteration']
