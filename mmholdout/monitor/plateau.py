"""When to reduce the learning rate, and to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mmholdout.monitor.arguments import number
from mmholdout.monitor.cooldown import CooldownDecision
from mmholdout.monitor.patience import BadCount


@dataclass(frozen=True)
class PlateauCut:
    """A reduction of the rate.

    Args:
        num_bad: validations without improvement that led to it.
        scale: the product of all cuts so far.
        num_cuts: this one included.
    """

    num_bad: int
    scale: float
    num_cuts: int


class PlateauDecision(CooldownDecision):
    """Multiply a scale by `factor` when more than `patience` validations have not improved.

    The same cuts as torch's ReduceLROnPlateau with threshold_mode='abs' and eps=0, on finite
    values and NaN; an infinity is no improvement here, while torch would keep it as the best.

    Args:
        mode: 'max' or 'min'.
        factor: in (0, 1).
        patience: validations without improvement that are tolerated.
        min_delta: an improvement must be greater than it, in the metric's own unit.
        cooldown: validations after a cut that are not counted.
        min_scale: floor of the scale: a fraction of each parameter group's base rate, so that
            groups keep their ratios there.
    """

    def __init__(
        self,
        mode: str,
        factor: float = 0.1,
        patience: int = 3,
        min_delta: float = 0.0,
        cooldown: int = 0,
        min_scale: float = 0.0,
    ) -> None:
        super().__init__(BadCount(mode, patience, min_delta), cooldown)
        self.factor = number('factor', factor, '(0, 1)', 0.0, 1.0)
        self.min_scale = number('min_scale', min_scale, '[0, 1]', 0.0, 1.0)
        self.num_cuts = 0
        self._scale = 1.0

    @property
    def scale(self) -> float:
        """What the scheduled rate is multiplied by, from 1 down to `min_scale`."""
        return max(self._scale, self.min_scale)

    def observe(self, value: float) -> PlateauCut | None:
        """Count one validation; the cut, if there is one. At the floor there is none."""
        num_bad = self._due(value)
        scale = max(self.scale * self.factor, self.min_scale)
        if not num_bad or scale >= self.scale:
            return None
        self._scale = scale
        self.num_cuts += 1
        return PlateauCut(num_bad, scale, self.num_cuts)

    def state_dict(self) -> dict[str, Any]:
        """Counters only; hyper-parameters come from the config."""
        return {**super().state_dict(), 'scale': self._scale, 'num_cuts': self.num_cuts}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        super().load_state_dict(state)
        self._scale, self.num_cuts = float(state['scale']), int(state['num_cuts'])
