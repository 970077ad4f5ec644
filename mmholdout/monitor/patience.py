"""How many validations in a row have not improved."""

from __future__ import annotations

import math
from typing import Any

from mmholdout.monitor.arguments import number, whole
from mmholdout.monitor.compare import as_mode, is_better


class BadCount:
    """Count validations since the best one; the meaning of patience is here and nowhere else.

    `num_bad > patience` is one too many, as in torch's ReduceLROnPlateau: patience 3 tolerates
    three validations without improvement, the fourth acts. It counts validations, not epochs.

    Args:
        mode: 'max' or 'min'.
        patience: validations without improvement that are tolerated, >= 0.
        min_delta: an improvement must be greater than it, in the metric's own unit.

    Attributes:
        best: the best value so far, None before the first finite one.
        num_bad: validations since then.
        notice: what to tell the user about the last value, or None.
    """

    def __init__(self, mode: str, patience: int, min_delta: float = 0.0) -> None:
        self.mode = as_mode(mode)
        self.patience = whole('patience', patience, 0)
        self.min_delta = number('min_delta', min_delta, '[0, inf)', 0.0)
        self.notice: str | None = None
        self.reset()

    def reset(self) -> None:
        """Forget the best value and the count."""
        self.best: float | None = None
        self.num_bad = 0

    def would_improve(self, value: float) -> bool:
        """Whether a value is better than the best by more than `min_delta`."""
        return is_better(float(value), self.best, self.mode, self.min_delta)

    def observe(self, value: float, is_sure: bool = True) -> bool:
        """Count one validation; whether it was one too many.

        Args:
            value: of the metric.
            is_sure: whether a better value is believed; else it counts as no improvement.
        """
        value = float(value)
        self.notice = None
        if is_sure and self.would_improve(value):
            self.best, self.num_bad = value, 0
        else:
            self.num_bad += 1
            if not math.isfinite(value):
                kept = (
                    'there is no best yet' if self.best is None else f'best stays {self.best:.4g}'
                )
                self.notice = f'the value is {value}, which counts as no improvement; {kept}'
        return self.num_bad > self.patience

    def state_dict(self) -> dict[str, Any]:
        """Counters only."""
        return {'best': self.best, 'num_bad': self.num_bad}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        best = state['best']
        self.best, self.num_bad = None if best is None else float(best), int(state['num_bad'])
