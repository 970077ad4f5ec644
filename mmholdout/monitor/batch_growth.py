"""When to grow the effective batch, and to what."""

from __future__ import annotations

from typing import Any

from mmholdout.monitor.arguments import whole
from mmholdout.monitor.cooldown import CooldownDecision
from mmholdout.monitor.patience import BadCount


class BatchGrowthDecision(CooldownDecision):
    """Multiply gradient accumulation when more than `patience` validations have not improved.

    Growing the batch does what cutting the rate does: Smith et al., "Don't Decay the Learning
    Rate, Increase the Batch Size", ICLR 2018.

    Args:
        mode: 'max' or 'min'.
        factor: an integer >= 2.
        patience: validations without improvement that are tolerated.
        min_delta: an improvement must be greater than it, in the metric's own unit.
        cooldown: validations after a growth that are not counted.
        max_accumulation: accumulation never grows beyond it.
    """

    def __init__(
        self,
        mode: str,
        factor: int = 2,
        patience: int = 3,
        min_delta: float = 0.0,
        cooldown: int = 0,
        max_accumulation: int = 16,
    ) -> None:
        super().__init__(BadCount(mode, patience, min_delta), cooldown)
        self.factor = whole('factor', factor, 2)
        self.max_accumulation = whole('max_accumulation', max_accumulation, 1)
        self._accumulation = 1

    @property
    def accumulation(self) -> int:
        """How many times as many batches make one update, from 1 up to `max_accumulation`."""
        return min(self._accumulation, self.max_accumulation)

    def observe(self, value: float) -> int | None:
        """Count one validation; the new accumulation if it grows. At the limit it does not."""
        due = self._due(value)
        grown = min(self.accumulation * self.factor, self.max_accumulation)
        if not due or grown <= self.accumulation:
            return None
        self._accumulation = grown
        return grown

    def state_dict(self) -> dict[str, Any]:
        """Counters only; hyper-parameters come from the config."""
        return {**super().state_dict(), 'accumulation': self._accumulation}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        super().load_state_dict(state)
        self._accumulation = int(state['accumulation'])
