"""Digests of many tensors, computed where the tensors are."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import torch
from torch import Tensor

from mmholdout.models.device_sums import device_sums


def tensor_digests(tensors: Mapping[str, Tensor]) -> dict[str, tuple[object, ...]]:
    """One comparable value per tensor: shape, dtype, device and a number made of its bytes.

    The number is CRC-32 on the CPU, and the sum of `device_sums` elsewhere. Either misses a change
    with a probability of about 2^-32, a single changed word never. It guards against accidents,
    not against an adversary.

    Args:
        tensors: of any dtype, layout strided.
    """
    digests: dict[str, tuple[object, ...]] = {}
    elsewhere: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        lies = tensor.detach()
        if not lies.is_contiguous():
            lies = _as_it_lies(lies)
        if not lies.is_cpu:
            elsewhere[name] = lies
        digests[name] = tensor.shape, tensor.dtype, tensor.device, _crc(lies) if lies.is_cpu else 0
    for name, number in device_sums(elsewhere).items():
        digests[name] = (*digests[name][:-1], number)
    return digests


def _as_it_lies(tensor: Tensor) -> Tensor:
    """Contiguous, without a copy where only the channels are last."""
    if tensor.dim() == 4 and tensor.is_contiguous(memory_format=torch.channels_last):
        return tensor.permute(0, 2, 3, 1)
    return tensor.contiguous()


def _crc(tensor: Tensor) -> int:
    if tensor.dtype not in _KNOWN_TO_NUMPY:
        tensor = tensor.reshape(-1).view(torch.uint8)
    return zlib.crc32(tensor.numpy())


_KNOWN_TO_NUMPY = frozenset(
    (torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool)
)
