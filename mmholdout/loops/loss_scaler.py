"""Loss scaling for float16, whose gradients would otherwise vanish."""

from __future__ import annotations

from typing import Any

import torch
from torch.optim import Optimizer

from mmholdout.errors import NonFiniteLossError

PATIENCE = 50  # steps: from 65536 the scale has by then been halved to 6e-11


class LossScaler(torch.amp.GradScaler):
    """torch's GradScaler; its saved state holds counters and no hyper-parameters.

    A step whose gradients are not finite is left out and the scale is lowered: with float16
    that is no error, it happens now and then.

    Args:
        device_type: 'cuda', or 'cpu' in tests.
        fixed: a scale that never changes; None to adapt it.
        options: `init_scale`, `growth_factor`, `backoff_factor`, `growth_interval`.
    """

    def __init__(self, device_type: str, fixed: float | None = None, **options: Any) -> None:
        if fixed is not None:
            options['init_scale'] = fixed
        super().__init__(device_type, **options)
        self._fixed = fixed
        self._left_out = 0  # in a row

    def step_or_leave_out(self, optimizer: Optimizer, **kwargs: Any) -> None:
        """Make a step of the optimizer if its gradients are finite; adapt the scale.

        Raises:
            NonFiniteLossError: after PATIENCE steps in a row that were left out: no scale helps.
        """
        self.step(optimizer, **kwargs)
        states = self._per_optimizer_states[id(optimizer)]['found_inf_per_device']
        left_out = any(bool(found) for found in states.values())
        self._left_out = self._left_out + 1 if left_out else 0
        self.update(self._fixed)
        if self._left_out >= PATIENCE:
            raise NonFiniteLossError(
                f'the gradients of {PATIENCE} steps in a row were not finite in float16, at loss '
                f'scales down to {self.get_scale():.1e}, and no parameter was changed by them. '
                f'Use dtype="bfloat16", or train in float32 to see where they come from'
            )

    def state_dict(self) -> dict[str, Any]:
        """The scale, and for how long it has held."""
        state = super().state_dict()
        return {'scale': state['scale'], 'growth_tracker': state['_growth_tracker']}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`; a fixed scale stays what the config says."""
        scale = state['scale'] if self._fixed is None else self._fixed
        super().load_state_dict(
            {
                **super().state_dict(),
                'scale': float(scale),
                '_growth_tracker': int(state['growth_tracker']),
            }
        )
