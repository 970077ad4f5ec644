"""The random states of Python, NumPy, torch and CUDA as plain types and tensors."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch


class RandomState:
    """A stateful part of the run; reads and sets the process's global generators."""

    def state_dict(self) -> dict[str, Any]:
        """Every generator's state."""
        version, internal, gauss = random.getstate()
        kind, keys, position, has_gauss, cached = np.random.get_state()
        state: dict[str, Any] = {
            'python': (version, list(internal), gauss),
            'numpy': (kind, keys.tolist(), int(position), int(has_gauss), float(cached)),
            'torch': torch.get_rng_state(),
        }
        if torch.cuda.is_available():
            state['cuda'] = torch.cuda.get_rng_state_all()
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Set the generators; CUDA's only where the number of devices is the same."""
        version, internal, gauss = state['python']
        random.setstate((version, tuple(internal), gauss))
        kind, keys, position, has_gauss, cached = state['numpy']
        np.random.set_state((kind, np.array(keys, np.uint32), position, has_gauss, cached))
        torch.set_rng_state(state['torch'].cpu())
        cuda = state.get('cuda')
        if cuda and torch.cuda.is_available() and len(cuda) == torch.cuda.device_count():
            torch.cuda.set_rng_state_all([s.cpu() for s in cuda])
