"""Digests of everything in a checkpoint: a flipped byte loads without complaint."""

from __future__ import annotations

import hashlib
import struct
from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor

from mmholdout.errors import CheckpointError

KEY = 'digests'  # where a content carries its own
_SHOWN = 3


def with_digests(content: dict[str, Any]) -> dict[str, Any]:
    """The content, and SHA-256 of each tensor and of all else under `KEY`.

    Raises:
        CheckpointError: it holds something else than tensors and plain values.
    """
    return {**content, KEY: _digests({k: v for k, v in content.items() if k != KEY})}


def check_digests(content: dict[str, Any], source: object) -> None:
    """Compare a content that was read with the digests in it.

    Raises:
        CheckpointError: it is not what was written; names the first few tensors that changed.
    """
    try:
        stored = content[KEY]
        then, now = stored['tensors'], _digests({k: v for k, v in content.items() if k != KEY})
        changed = [name for name, digest in now['tensors'].items() if then.get(name) != digest]
        missing = [name for name in then if name not in now['tensors']]
        others = stored['values'] != now['values']
    except Exception as error:  # a damaged file can hold anything
        raise CheckpointError(
            f'{source} is damaged: its digests cannot be checked ({type(error).__name__}: '
            f'{" ".join(str(error).split())[:100]})'
        ) from error
    wrong = [*changed, *missing]
    if wrong:
        shown = ', '.join(map(repr, wrong[:_SHOWN])) + (', ...' if len(wrong) > _SHOWN else '')
        raise CheckpointError(
            f'{source} is damaged: {len(wrong)} of {len(then)} tensors are not what was written '
            f'({shown})'
        )
    if others:
        raise CheckpointError(
            f'{source} is damaged: its tensors are what was written, its other values are not'
        )


def _digests(content: dict[str, Any]) -> dict[str, Any]:
    """`tensors`: nested keys joined by dots -> SHA-256; `values`: one SHA-256 of all else."""
    walk = _Walk()
    walk.take(content, '')
    return {'tensors': walk.tensors, 'values': walk.values.hexdigest()}


class _Walk:
    """Through nested containers, in their order; every value is told apart from every other."""

    def __init__(self) -> None:
        self.tensors: dict[str, str] = {}
        self.values = hashlib.sha256()

    def take(self, value: Any, path: str) -> None:
        kind = type(value)
        if isinstance(value, Tensor):
            self._tensor(value, path)
        elif kind in (dict, OrderedDict):
            self._note(kind.__name__, str(len(value)).encode())
            for key, item in value.items():
                self.take(key, path)
                self.take(item, f'{path}.{key}' if path else str(key))
            if kind is OrderedDict:  # a state dict of torch keeps its versions here
                self.take(vars(value), path)
        elif kind in (list, tuple):
            self._note(kind.__name__, str(len(value)).encode())
            for index, item in enumerate(value):
                self.take(item, f'{path}.{index}')
        elif kind is set:
            self._note(kind.__name__, str(len(value)).encode())
            for item in sorted(value, key=repr):
                self.take(item, path)
        else:
            self._note(kind.__name__, _bytes_of(value, path))

    def _note(self, kind: str, data: bytes) -> None:
        self.values.update(f'{kind} {len(data)} '.encode())
        self.values.update(data)

    def _tensor(self, tensor: Tensor, path: str) -> None:
        name, number = path, 1
        while name in self.tensors:  # {'a.b': one, 'a': {'b': another}}
            number += 1
            name = f'{path}#{number}'
        layout = f'{type(tensor).__name__} {tensor.dtype} {tuple(tensor.shape)}'
        self._note(layout, f'{tensor.stride()} {tensor.requires_grad}'.encode())
        digest = hashlib.sha256(layout.encode())
        if tensor.numel():
            flat = tensor.detach().cpu().contiguous().reshape(-1)
            digest.update(flat.view(torch.uint8).numpy())
        self.tensors[name] = digest.hexdigest()


def _bytes_of(value: Any, path: str) -> bytes:
    if value is None or isinstance(value, bool | int):
        return repr(value).encode()
    if isinstance(value, float):
        return struct.pack('>d', value)
    if isinstance(value, complex):
        return struct.pack('>dd', value.real, value.imag)
    if isinstance(value, str):
        return value.encode('utf-8', 'surrogatepass')
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, torch.Size | torch.dtype | torch.device):
        return repr(value).encode()
    raise CheckpointError(
        f'{path} is a {type(value).__module__}.{type(value).__qualname__}, and a checkpoint holds '
        'tensors and plain values only; what a state_dict() gives must be made of these'
    )
