"""Which device a run uses."""

from __future__ import annotations

import torch

from mmholdout.errors import ConfigError


def choose_device(wanted: str | None) -> str:
    """The device as torch names it; by default CUDA where there is one.

    Raises:
        ConfigError: for a device that torch does not know or this machine does not have.
    """
    if wanted is None:
        return 'cuda' if torch.cuda.is_available() else 'cpu'
    try:
        device = torch.device(wanted)
    except RuntimeError as error:
        raise ConfigError(
            f'--device {wanted!r} is not a device; known: cpu, cuda, cuda:N'
        ) from error
    if device.type == 'cpu':
        return 'cpu'
    if device.type != 'cuda':
        raise ConfigError(f'--device {wanted!r} is not supported; known: cpu, cuda, cuda:N')
    count = torch.cuda.device_count()
    if not torch.cuda.is_available() or (device.index or 0) >= count:
        raise ConfigError(
            f'--device {wanted!r}: torch {torch.__version__} sees {count} CUDA devices here; '
            f'use --device cpu'
        )
    return wanted
