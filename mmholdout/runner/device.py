"""Which device and which number format a run uses."""

from __future__ import annotations

from typing import Any

import torch

from mmholdout.config.registries import find
from mmholdout.config.signatures import signature_of
from mmholdout.errors import ConfigError
from mmholdout.loops.amp_optim_wrapper import AmpOptimWrapper, mixed_dtype
from mmholdout.loops.precision import Precision


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


def with_copies_ahead(words: dict[str, Any], device: str) -> dict[str, Any]:
    """On a GPU: batches in pinned memory, from which they are copied while the host goes on.

    What the config says itself stays: `pin_memory` of a loader, `non_blocking` of the model's
    data preprocessor, which is given to one that knows the word. On a CPU, the same words.
    """
    if torch.device(device).type != 'cuda':
        return words
    ahead = {
        key: {'pin_memory': True, **value}
        for key, value in words.items()
        if key.endswith('_dataloader') and isinstance(value, dict)
    }
    model = words['model']
    preprocessor = model.get('data_preprocessor') or {}
    kind = find(('MODELS',), preprocessor.get('type'))
    if kind is not None and 'non_blocking' in signature_of(kind).keywords:
        ahead['model'] = {**model, 'data_preprocessor': {'non_blocking': True, **preprocessor}}
    return {**words, **ahead}


def choose_precision(optim_wrapper: dict[str, Any], device: str) -> Precision:
    """What training computes in, and so validation too.

    Raises:
        ConfigError: a dtype that the device does not have.
    """
    device_type = torch.device(device).type
    kind = find(('OPTIM_WRAPPERS',), optim_wrapper.get('type', 'OptimWrapper'))
    if not isinstance(kind, type) or not issubclass(kind, AmpOptimWrapper):
        return Precision(device_type)
    dtype = mixed_dtype(optim_wrapper.get('dtype'), device_type)
    if dtype == 'bfloat16' and device_type == 'cuda' and not torch.cuda.is_bf16_supported(False):
        raise ConfigError(
            f"optim_wrapper.dtype='bfloat16': {torch.cuda.get_device_name(device)} does not have "
            f"it; write dtype='float16'"
        )
    return Precision(device_type, dtype)


def slow_precision(precision: Precision) -> list[str]:
    """A notice where mixed precision costs time instead of saving it."""
    if precision.dtype != 'bfloat16' or precision.device_type != 'cpu':
        return []
    capability = torch.backends.cpu.get_cpu_capability()
    if capability.startswith(('AVX512', 'AMX', 'SVE')):
        return []
    return [
        f'bfloat16 is emulated on this CPU ({capability}), which has no instructions for it: '
        f'training will be slower than in float32, not faster'
    ]


def precision_of(meta: dict[str, Any], device: str) -> tuple[Precision, list[str]]:
    """What the run of a checkpoint computed in; float32, and a notice, where it cannot be had."""
    device_type, wanted = torch.device(device).type, meta.get('precision', 'float32')
    if wanted == 'float16' and device_type != 'cuda':
        return Precision(device_type), [
            'the run validated in float16, which a CPU does not have; float32 is used here'
        ]
    return Precision(device_type, wanted), []
