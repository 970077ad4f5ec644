"""A sum over the bytes of many tensors at once, computed on the device where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import numpy as np
import torch
from torch import Tensor

CHUNK = 1 << 18  # 32-bit words taken together: 1 MiB


def device_sums(tensors: Mapping[str, Tensor]) -> dict[str, int]:
    """One number per tensor: over its 32-bit words, each times an odd number of its position.

    The products are modulo 2^32, and then added. A single changed word always changes the sum; any
    other change is missed with a probability of about 2^-32. The host waits once for each chunk,
    not for each tensor.

    Args:
        tensors: of any dtype, contiguous.
    """
    sums: dict[str, int] = dict.fromkeys(tensors, 0)
    for chunk in _chunks((name, _words(tensor)) for name, tensor in tensors.items()):
        for (name, _), total in zip(chunk, _sums([words for _, words in chunk])):
            sums[name] = sums[name] * 31 + total
    return sums


def _words(tensor: Tensor) -> Tensor:
    """The bytes as (n,) int32; a rest of fewer than four bytes is filled up with zeros."""
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
    ends = torch.from_numpy(np.cumsum(sizes))
    upto = torch.nn.functional.pad(mixed.cumsum(0), (1, 0))[ends]
    return torch.diff(upto, prepend=upto.new_zeros(1)).tolist()
