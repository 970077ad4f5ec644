"""Everything in a model that training goes on from, under names that a person can look up."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mmholdout.models.generator_state import GENERATORS, generator_state

PLAIN = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device, torch.Size)
_PLAIN = frozenset(PLAIN)
TORCHS_OWN = frozenset(vars(nn.Module()))  # parameters, hooks and the like; `training` among them
# What is not gone into: modules have a turn of their own, the others no state.
CLOSED = (nn.Module, type, Enum, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
_SEQUENCES = frozenset((tuple, list, deque))
NOT_PLAIN = object()
_DEPTH = 6  # of objects in objects; assigners and coders of mmdet are two deep


def state_of(model: nn.Module) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and plain values, by name.

    Tensors are parameters, their gradients, buffers, and tensors and arrays kept as attributes.
    Values are training flags, `requires_grad`, and numbers and words kept as attributes, however
    deep. A list of such is one value; another counts with its length and its members, a random
    generator with its state, an object of another kind by its attributes; what has none that can
    be read does not count.
    """
    tensors: dict[str, Tensor] = {}
    values: dict[str, Any] = {}
    seen: set[int] = set()
    for name, module in model.named_modules():
        prefix = f'{name}.' if name else ''
        values[f'{prefix}training'] = module.training
        for key, parameter in module._parameters.items():
            if parameter is not None:
                tensors[prefix + key] = parameter
                values[f'{prefix}{key}.requires_grad'] = parameter.requires_grad
                if parameter.grad is not None:
                    tensors[f'gradient of {prefix}{key}'] = parameter.grad
        for key, buffer in module._buffers.items():
            if buffer is not None:
                tensors[prefix + key] = buffer
        for key, value in vars(module).items():
            if key in TORCHS_OWN:
                continue
            plain = as_plain(value)
            if plain is not NOT_PLAIN:
                values[prefix + key] = plain
                continue
            for leaf, held in _leaves(prefix + key, value, seen, _DEPTH):
                if isinstance(held, Tensor):
                    tensors[leaf] = held
                else:
                    values[leaf] = held
    return tensors, values


def _leaves(name: str, value: Any, seen: set[int], depth: int) -> Iterator[tuple[str, Any]]:
    plain = as_plain(value)
    if plain is not NOT_PLAIN or isinstance(value, PLAIN):
        yield name, repr(value) if plain is NOT_PLAIN else plain
        return
    if isinstance(value, Tensor | np.ndarray):
        yield name, value if isinstance(value, Tensor) else value.tobytes()
        return
    if isinstance(value, GENERATORS):
        state = generator_state(value)
        yield f'state of {name}', state if isinstance(state, Tensor) else repr(state)
        return
    if isinstance(value, CLOSED) or depth == 0 or id(value) in seen:
        return
    seen.add(id(value))
    members = list(_members(value))
    if isinstance(value, list | tuple | deque | set | frozenset | dict):
        yield f'length of {name}', len(value)
    for key, member in members:
        yield from _leaves(f'{name}{key}', member, seen, depth - 1)


def as_plain(value: Any) -> Any:
    """To be compared: numbers, words, and sequences of nothing else; NOT_PLAIN of all others."""
    kind = type(value)
    if kind in _PLAIN:
        return repr(value) if kind is float else value  # so NaN equals itself
    if kind in _SEQUENCES:
        kinds = set(map(type, value))
        if kinds <= _PLAIN:
            return (kind, *(map(as_plain, value) if float in kinds else value))
    return NOT_PLAIN


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f'[{key!r}]', member) for key, member in value.items()]
    if isinstance(value, list | tuple | deque):
        return [(f'[{place}]', member) for place, member in enumerate(value)]
    if isinstance(value, set | frozenset):
        return [('{}', tuple(sorted(map(repr, value))))]
    return [(f'.{key}', member) for key, member in getattr(value, '__dict__', {}).items()]
