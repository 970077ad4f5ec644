"""Digests of many tensors at once, computed where the tensors are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np
import torch
from torch import Tensor

CHUNK = 1 << 18  # 32-bit words taken together: 1 MiB


def tensor_digests(tensors: Mapping[str, Tensor]) -> dict[str, tuple[object, ...]]:
    """One comparable value per tensor: shape, dtype, device and a sum over its bytes.

    The sum is over 32-bit words, each times an odd number that belongs to its position, modulo
    2^32 before adding. A single changed word always changes it; any other change is missed with
    a probability of about 2^-32. It guards against accidents, not against an adversary. Reading
    it from a GPU waits once for each chunk, not for each tensor.

    Args:
        tensors: of any dtype, layout strided.
    """
    sums: dict[str, int] = {}
    for chunk in _chunks((name, _words(tensor)) for name, tensor in tensors.items()):
        for (name, _), total in zip(chunk, _sums([words for _, words in chunk])):
            sums[name] = sums.get(name, 0) * 31 + total
    return {
        name: (tuple(t.shape), t.dtype, t.device, sums.get(name, 0)) for name, t in tensors.items()
    }


def _words(tensor: Tensor) -> Tensor:
    """The bytes as (n,) int32; a rest of fewer than four bytes is filled up with zeros."""
    tensor = tensor.detach()
    if tensor.dim() == 4 and tensor.is_contiguous(memory_format=torch.channels_last):
        tensor = tensor.permute(0, 2, 3, 1)  # as it lies in memory: no copy
    if tensor.element_size() == 4 and tensor.dtype.is_floating_point:
        return tensor.reshape(-1).view(torch.int32)
    flat = tensor.reshape(-1).view(torch.uint8) if tensor.numel() else tensor.new_empty(0).byte()
    if flat.numel() % 4 or flat.storage_offset() % 4:
        flat = torch.nn.functional.pad(flat, (0, -flat.numel() % 4))
    return flat.view(torch.int32)


def _chunks(parts: Iterable[tuple[str, Tensor]]) -> Iterator[list[tuple[str, Tensor]]]:
    """In order; a chunk has one device and at most CHUNK words, large tensors are cut."""
    chunk: list[tuple[str, Tensor]] = []
    room = CHUNK
    for name, words in parts:
        count = words.numel()
        for piece in words.split(CHUNK) if count > CHUNK else (words,) * (count > 0):
            if chunk and (piece.numel() > room or piece.device != chunk[0][1].device):
                yield chunk
                chunk, room = [], CHUNK
            chunk.append((name, piece))
            room -= piece.numel()
    if chunk:
        yield chunk


_STEP = -0x61C88647  # 2^32 / golden ratio, as int32: neighbours get numbers far apart


@cache
def _odds(count: int, device: torch.device) -> Tensor:
    """An odd number for each place, no two alike."""
    places = torch.arange(count, dtype=torch.int32, device=device)
    return places.mul_(_STEP * 2).add_(1)


def _sums(parts: list[Tensor]) -> list[int]:
    """Of each part, in a few operations for all of them."""
    words = torch.cat(parts)
    # The upper half into the lower: a product passes no bit downwards, so that alone a sign
    # would count the same in every place.
    mixed = (words >> 16).bitwise_and_(0xFFFF).bitwise_xor_(words)
    odds = _odds(CHUNK, words.device)
    sizes = [part.numel() for part in parts]
    mixed *= torch.cat([odds[:size] for size in sizes])
    ends = np.cumsum(sizes)
    if words.is_cpu:  # five times as fast there
        starts = np.concatenate([[0], ends[:-1]])
        return [int(total) for total in np.add.reduceat(mixed.numpy(), starts, dtype=np.int64)]
    upto = torch.nn.functional.pad(mixed.cumsum(0), (1, 0))[torch.from_numpy(ends)]
    return torch.diff(upto, prepend=upto.new_zeros(1)).tolist()
