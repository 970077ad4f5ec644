"""Computing a loss without changing what training goes on from."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

from mmholdout.models.held_state import HeldState

SEED = 0  # any constant: the same proposals are drawn at every validation


@contextmanager
def without_trace(*modules: nn.Module) -> Iterator[None]:
    """Own random draws, the same each time; what the modules keep is put back (HeldState).

    Samplers of two-stage detectors draw proposals; some losses count what they have seen in
    their buffers (Seesaw, GHM, EQL v2), some heads in lists and thresholds (Dynamic R-CNN, DDOD).
    A validation with such a loss measures each group of images with what training has counted.
    """
    held = HeldState(*modules)
    states = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=_cuda_devices()):
        random.seed(SEED)
        np.random.seed(SEED)
        torch.default_generator.manual_seed(SEED)  # torch.manual_seed would reach every device
        for device in _cuda_devices():
            torch.cuda.default_generators[device].manual_seed(SEED)
        try:
            yield
        finally:
            random.setstate(states[0])
            np.random.set_state(states[1])
            held.put_back()


def _cuda_devices() -> list[int]:
    return list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []
