"""Random generators that modules have made themselves: where they are, and going on from there."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

GENERATORS = (random.Random, np.random.RandomState, np.random.Generator, torch.Generator)


def generator_state(generator: Any) -> Any:
    """Plain types, arrays and tensors, of one of GENERATORS."""
    return _STATES[_kind(generator)][0](generator)


def set_generator_state(generator: Any, state: Any) -> None:
    """Go on from `generator_state`."""
    _STATES[_kind(generator)][1](generator, state)


def _kind(generator: Any) -> type:
    return next(kind for kind in GENERATORS if isinstance(generator, kind))


def _set_bit_generator(generator: np.random.Generator, state: Any) -> None:
    generator.bit_generator.state = state


_STATES: dict[type, tuple[Callable[[Any], Any], Callable[[Any, Any], None]]] = {
    random.Random: (random.Random.getstate, random.Random.setstate),
    np.random.RandomState: (np.random.RandomState.get_state, np.random.RandomState.set_state),
    np.random.Generator: (lambda g: g.bit_generator.state, _set_bit_generator),
    torch.Generator: (torch.Generator.get_state, torch.Generator.set_state),
}
