"""Act on a plateau, then leave the model some validations to settle."""

from __future__ import annotations

from typing import Any

from mmholdout.monitor.arguments import whole
from mmholdout.monitor.decision import PatientDecision
from mmholdout.monitor.patience import BadCount


class CooldownDecision(PatientDecision):
    """A patient decision that may act again and again.

    Acting starts the count anew, and the `cooldown` validations that follow are not counted;
    their values may still become the best. The order of these steps is that of torch's
    ReduceLROnPlateau.
    """

    def __init__(self, count: BadCount, cooldown: int) -> None:
        super().__init__(count)
        self.cooldown = whole('cooldown', cooldown, 0)
        self.cooldown_left = 0

    def _due(self, value: float) -> int:
        """Count one validation; how many were bad if now is the time to act, else 0."""
        due = self._count.observe(value)
        if self.cooldown_left:
            self.cooldown_left -= 1
            self._count.num_bad = 0
            return 0
        if not due:
            return 0
        num_bad, self._count.num_bad = self._count.num_bad, 0
        self.cooldown_left = self.cooldown
        return num_bad

    def state_dict(self) -> dict[str, Any]:
        """Counters only; hyper-parameters come from the config."""
        return {**super().state_dict(), 'cooldown_left': self.cooldown_left}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        super().load_state_dict(state)
        self.cooldown_left = int(state['cooldown_left'])
