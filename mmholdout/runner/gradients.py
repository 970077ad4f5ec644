"""Gradients of an accumulation window that is not over, as a part of the run's state."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn


class WindowGradients:
    """What the batches of the window have added up; empty between two windows.

    A validation after a number of iterations can come within a window, and so can the save that
    follows it.

    Args:
        model: whose gradients they are.
    """

    def __init__(self, model: nn.Module) -> None:
        self._model = model

    def state_dict(self) -> dict[str, Tensor]:
        """Each gradient there is, by the parameter's name."""
        parameters = self._model.named_parameters()
        return {name: p.grad.detach() for name, p in parameters if p.grad is not None}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`; what is frozen now, or no longer there, gets none."""
        for name, parameter in self._model.named_parameters():
            gradient = state.get(name) if parameter.requires_grad else None
            parameter.grad = None if gradient is None else gradient.to(parameter).clone()
