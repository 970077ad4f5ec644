"""Validation changes nothing: what was there before is compared with what is there after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from torch import Tensor, nn

from mmholdout.errors import ImpureValidationError
from mmholdout.models.leftovers import Leftovers
from mmholdout.models.model_state import NOT_PLAIN, as_plain, state_of
from mmholdout.models.tensor_digests import tensor_digests

SHOWN = 10  # names in the message; a foreign optimizer step changes every one


@contextmanager
def pure(model: nn.Module, others: Callable[[], Mapping[str, Any]] = dict) -> Iterator[None]:
    """Within it, nothing that training goes on from may change.

    Compared by digest: parameters, gradients, buffers, tensors, plain values and random generators
    kept as attributes of modules and of the objects they hold, training flags, and `others`.

    Three kinds of change are told apart. What the loss of validation counts (SeesawLoss and GHM
    in buffers, Dynamic R-CNN in thresholds) is put back at once where it is computed
    (`without_trace`), because it is the measurement itself: such losses are validated with as
    any other. What modules remember of the last batch (`Leftovers`: attributes that hold another
    object, members of lists and dicts) is put back before the comparison. Whatever differs then
    was written by somebody else, a hook, a metric, a forward pass that counts: it is an error
    with its name, though the buffers among it are put back too, also when the body raises.

    Args:
        model: in the state to which it has to return.
        others: gives further state by name, such as the optimizer's: nested dicts and lists of
            tensors and plain values.

    Raises:
        ImpureValidationError: naming every change, when the body itself did not raise.
    """
    before = _state(model, others())
    buffers = [(buffer, buffer.detach().clone()) for buffer in model.buffers()]
    leftovers = Leftovers(model)
    try:
        yield
    except BaseException:
        _put_back(buffers)
        leftovers.forget()
        raise
    leftovers.forget()
    after = _state(model, others())
    changed = [name for key in {**before, **after} for name in _names(key, before, after)]
    if changed:
        _put_back(buffers)
        raise ImpureValidationError(_sentence(changed))


def _names(key: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Of what differs under a key; in a dict of values by their own keys."""
    old, new = before.get(key, _GONE), after.get(key, _GONE)
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        return [f'{key}.{k}' for k in {**old, **new} if old.get(k, _GONE) != new.get(k, _GONE)]
    return [key]


_GONE = object()


def _state(model: nn.Module, others: Mapping[str, Any]) -> dict[str, Any]:
    tensors, values = state_of(model)
    for name, part in others.items():
        _add(name, part, tensors, values)
    return {**values, **tensor_digests(tensors)}


def _add(name: str, value: Any, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    if isinstance(value, Tensor):
        tensors[name] = value
        return
    plain = as_plain(value)
    if plain is not NOT_PLAIN:
        values[name] = plain
    elif isinstance(value, dict):
        members = {key: as_plain(member) for key, member in value.items()}
        if NOT_PLAIN not in members.values():  # such as the words of one of many parameter groups
            values[name] = members
            return
        for key, member in value.items():
            _add(f'{name}.{key}', member, tensors, values)
    elif isinstance(value, list | tuple):
        for place, member in enumerate(value):
            _add(f'{name}[{place}]', member, tensors, values)
    elif isinstance(value, np.ndarray):
        values[name] = (value.shape, value.dtype, value.tobytes())
    else:
        values[name] = repr(value)


def _put_back(buffers: list[tuple[Tensor, Tensor]]) -> None:
    for buffer, copy in buffers:
        if buffer.shape == copy.shape:
            buffer.detach().copy_(copy)


def _sentence(changed: list[str]) -> str:
    shown = ', '.join(changed[:SHOWN])
    more = f' and {len(changed) - SHOWN} more' if len(changed) > SHOWN else ''
    return (
        f'{shown}{more} changed during validation, which may measure only: training would go on '
        'from another state than without it. Look for a hook, a metric or a module that writes '
        'to the model in eval mode, and let it work on a copy. Nothing was saved after it.'
    )
