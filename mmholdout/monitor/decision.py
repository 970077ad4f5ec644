"""What the decisions that wait have in common."""

from __future__ import annotations

from typing import Any

from mmholdout.monitor.compare import Mode, as_mode
from mmholdout.monitor.patience import BadCount


class PatientDecision:
    """A decision that acts when more than `patience` validations have not improved.

    Args:
        count: holds direction, patience and the counters.
    """

    def __init__(self, count: BadCount) -> None:
        self._count = count

    @property
    def mode(self) -> Mode:
        """The direction; may be set once the monitored metric is known."""
        return self._count.mode

    @mode.setter
    def mode(self, mode: str) -> None:
        self._count.mode = as_mode(mode)

    @property
    def patience(self) -> int:
        """Validations without improvement that are tolerated."""
        return self._count.patience

    @property
    def min_delta(self) -> float:
        """An improvement must be greater than it."""
        return self._count.min_delta

    @property
    def best(self) -> float | None:
        """The best value so far, None before the first finite one."""
        return self._count.best

    @property
    def num_bad(self) -> int:
        """Validations without improvement since the best one, the last action or cooldown."""
        return self._count.num_bad

    @property
    def notice(self) -> str | None:
        """What to tell the user about the last value observed, or None."""
        return self._count.notice

    def state_dict(self) -> dict[str, Any]:
        """Counters only; hyper-parameters come from the config."""
        return self._count.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self._count.load_state_dict(state)
