"""An exponential moving average of a model's weights, exchanged for the weights themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class WeightAverage:
    """average = (1 - m) * average + m * weights, as in mmengine and mmdet.

    The first update copies the weights. With a warm-up, m starts near 1 and falls to `momentum`
    as `(1 - momentum) * exp(-(1 + updates) / gamma) + momentum` (YOLOX, Ge et al. 2021; mmdet's
    ExpMomentumEMA), so that the random weights of the start are forgotten soon.

    Buffers in floating point (BatchNorm's running statistics) are averaged like the parameters,
    for they belong to weights that lag behind too; integers, such as a count of batches, are
    copied.

    Args:
        model: its weights stay where they are; their averages are kept beside them.
        momentum: m, the share of the present weights in each update.
        gamma: updates over which m falls; 0 for a constant m.
        update_buffers: average the buffers too; False copies them.
    """

    def __init__(
        self, model: nn.Module, momentum: float, gamma: float, *, update_buffers: bool
    ) -> None:
        self.momentum, self.gamma, self.update_buffers = momentum, gamma, update_buffers
        self.updates = 0
        self._model = model
        self.averages: dict[str, Tensor] = {}  # by the first name of each tensor
        self._exchanged = False

    def __bool__(self) -> bool:
        """Whether there is an average: before the first update there is none."""
        return bool(self.averages)

    @torch.no_grad()
    def update(self) -> None:
        """Take in the weights as an update has left them."""
        weights, _ = self._tensors()
        if not self.averages:
            self.averages = {name: tensor.detach().clone() for name, tensor in weights.items()}
        else:
            averaged = [name for name in weights if self._is_averaged(weights[name])]
            torch._foreach_lerp_(
                [self.averages[name] for name in averaged],
                [weights[name].detach() for name in averaged],
                self._share(),
            )
            for name in weights.keys() - set(averaged):
                self.averages[name].copy_(weights[name])
        self.updates += 1

    def _is_averaged(self, tensor: Tensor) -> bool:
        is_buffer = not isinstance(tensor, nn.Parameter)
        return tensor.is_floating_point() and (self.update_buffers or not is_buffer)

    def _share(self) -> float:
        if not self.gamma:
            return self.momentum
        fading = math.exp(-(1 + self.updates) / self.gamma)
        return (1 - self.momentum) * fading + self.momentum

    @contextmanager
    def in_place_of_the_weights(self) -> Iterator[None]:
        """The model with its averages; every bit of its own weights is put back at the end."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    @torch.no_grad()
    def _exchange(self) -> None:
        weights, _ = self._tensors()
        for name, average in self.averages.items():
            kept = weights[name].detach().clone()
            weights[name].copy_(average)
            average.copy_(kept)
        self._exchanged = not self._exchanged

    def states(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """State dicts of the trained weights and of the averages, also while exchanged."""
        names = self._tensors()[1]
        trained = dict(self._model.state_dict())
        averages = {**trained, **{name: self.averages[names[name]] for name in names}}
        return (averages, trained) if self._exchanged else (trained, averages)

    def load(self, averages: dict[str, Any]) -> None:
        """Go on from a state dict of averages; the trained weights stay as they are."""
        weights, names = self._tensors()
        firsts = set(names.values())
        self.averages = {
            name: torch.empty_like(tensor, requires_grad=False).copy_(averages[name])
            for name, tensor in weights.items()
            if name in firsts
        }

    def _tensors(self) -> tuple[dict[str, Tensor], dict[str, str]]:
        """The model's own tensors, each once, and for every name the first of its tensor."""
        weights: dict[str, Tensor] = {}
        names: dict[str, str] = {}
        first: dict[int, str] = {}
        for name, tensor in self._model.state_dict(keep_vars=True).items():
            if isinstance(tensor, Tensor):  # an extra state may be anything
                names[name] = first.setdefault(id(tensor), name)
                weights.setdefault(names[name], tensor)
        return weights, names
