"""Means of the training loss terms over an epoch, weighted by images."""

from __future__ import annotations

from typing import Any

from torch import Tensor


class RunningMean:
    """Sums on the device; one transfer when the means are read."""

    def __init__(self) -> None:
        self._sums: dict[str, Tensor | float] = {}
        self._images = 0

    def add(self, terms: dict[str, Tensor], num_images: int) -> None:
        """Add one batch's scalar terms."""
        for name, value in terms.items():
            self._sums[name] = self._sums.get(name, 0.0) + value.double() * num_images
        self._images += num_images

    def means(self) -> dict[str, float]:
        """The means so far; empty before the first batch."""
        if not self._images:
            return {}
        return {name: float(value) / self._images for name, value in self._sums.items()}

    def reset(self) -> None:
        """Forget everything, at the start of an epoch."""
        self._sums, self._images = {}, 0

    def state_dict(self) -> dict[str, Any]:
        """Plain sums, for a checkpoint in mid-epoch."""
        return {'sums': {k: float(v) for k, v in self._sums.items()}, 'images': self._images}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from `state_dict()`."""
        self._sums, self._images = dict(state['sums']), int(state['images'])
