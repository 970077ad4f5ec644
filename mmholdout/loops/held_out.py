"""What a pass over held-out data may not leave behind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn


class ValidationLeftError(Exception):
    """A validation was left because the run is to stop; what it measured is dropped."""


@contextmanager
def held_out(model: nn.Module) -> Iterator[None]:
    """Eval mode, no gradient; every module's own training flag and all random states restored.

    Flags are kept per module, because a model may train with some modules in eval mode
    (frozen BatchNorm); restored also when the body raises.
    """
    flags = [(module, module.training) for module in model.modules()]
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    cuda_states = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, flag in flags:
            module.training = flag
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])
        if cuda_states is not None:
            torch.cuda.set_rng_state_all(cuda_states)
