"""Values of a module as plain types and tensors, which a checkpoint may hold, and back."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from mmengine.config import ConfigDict
from torch import Tensor

from mmholdout.models.generator_state import GENERATORS, generator_state, set_generator_state

_SCALARS = (bool, int, float, str, type(None))
_TORCH_WORDS = (torch.dtype, torch.device)
_SEQUENCES = {c.__name__: c for c in (list, tuple, deque, set, frozenset, torch.Size)}
_MAPPINGS = {c.__name__: c for c in (dict, OrderedDict, defaultdict, ConfigDict)}
Form = Any  # a plain scalar, or a dict whose 'is' says what its 'of' stands for


class NoPlainFormError(TypeError):
    """A value that consists of more than numbers, words, tensors, arrays and their containers."""


def to_plain(value: Any) -> Form:
    """Plain types and tensors on the CPU, with no memory in common with `value`.

    Exact types only: of a subclass it is not known what it adds. A set counts in the order of its
    members' words, which is the same in every process.

    Raises:
        NoPlainFormError: see there.
    """
    kind = type(value)
    if kind in _SCALARS:
        return value
    if isinstance(value, Tensor):
        where = 'cpu' if value.device.type == 'cpu' else 'device'
        return {'is': 'tensor', 'of': value.detach().to('cpu', copy=True), 'on': where}
    if kind is complex:
        return {'is': 'complex', 'of': [value.real, value.imag]}
    if kind in (bytes, bytearray):
        return {'is': kind.__name__, 'of': _bytes(bytes(value))}
    if kind in _TORCH_WORDS:
        return {'is': kind.__name__, 'of': str(value).removeprefix('torch.')}
    if kind is np.ndarray or isinstance(value, np.generic):
        return _array_form(value)
    if kind.__name__ in _SEQUENCES and kind is _SEQUENCES[kind.__name__]:
        members = sorted(value, key=repr) if kind in (set, frozenset) else value
        form = {'is': kind.__name__, 'of': [to_plain(member) for member in members]}
        return {**form, 'maxlen': value.maxlen} if kind is deque else form
    if kind.__name__ in _MAPPINGS and kind is _MAPPINGS[kind.__name__]:
        pairs = [[to_plain(k), to_plain(v)] for k, v in value.items()]
        return {'is': kind.__name__, 'of': pairs}
    if kind in GENERATORS:
        name = f'{kind.__module__}.{kind.__name__}'
        return {'is': name, 'of': to_plain(generator_state(value))}
    raise NoPlainFormError(f'{kind.__module__}.{kind.__qualname__}')


def from_plain(form: Form, device: torch.device, present: Any = None) -> Any:
    """The value of a form; `present` itself, filled anew, where it is of that kind.

    A container, tensor or generator that several places share stays shared in this way.

    Args:
        form: of `to_plain`.
        device: of tensors that were not on the CPU.
        present: what stands in its place now.

    Raises:
        ValueError: a generator or a default dict for which there is nothing to fill.
    """
    if not isinstance(form, dict):
        return form
    kind, of = form['is'], form['of']
    same = type(present).__name__ == kind
    if kind == 'tensor':
        return _tensor(of if form['on'] == 'cpu' else of.to(device), present)
    if kind in ('ndarray', 'scalar'):
        return _array(form, present)
    if kind in _MAPPINGS:
        pairs = [(from_plain(k, device), from_plain(v, device)) for k, v in of]
        if same:
            present.clear()
            present.update(pairs)
            return present
        if kind == 'defaultdict':
            raise ValueError('a default dict cannot be made again')
        return _MAPPINGS[kind](pairs)
    if kind in _SEQUENCES:
        members = [from_plain(member, device) for member in of]
        if same and kind in ('list', 'deque', 'set'):
            present.clear()
            (present.update if kind == 'set' else present.extend)(members)
            return present
        return deque(members, form['maxlen']) if kind == 'deque' else _SEQUENCES[kind](members)
    if kind in _WORDS:
        return _WORDS[kind](of)
    if f'{type(present).__module__}.{type(present).__name__}' != kind:
        raise ValueError(f'there is no {kind} to be set')
    set_generator_state(present, from_plain(of, device))
    return present


def same_form(one: Form, other: Form) -> bool:
    """Whether they are equal to the bit: NaN equals itself, 0.0 is not -0.0, 1 is not True."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_form(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_form, one, other))
    if isinstance(one, Tensor):
        return one.shape == other.shape and one.dtype == other.dtype and _same_bits(one, other)
    return repr(one) == repr(other) if isinstance(one, float) else bool(one == other)


def _same_bits(one: Tensor, other: Tensor) -> bool:
    if not one.numel():
        return True
    first, second = (t.contiguous().reshape(-1).view(torch.uint8) for t in (one, other))
    return torch.equal(first, second)


def _bytes(raw: bytes) -> Tensor:
    return torch.tensor(list(raw), dtype=torch.uint8)


def _array_form(value: Any) -> Form:
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise NoPlainFormError('an array of objects')
    return {
        'is': 'ndarray' if isinstance(value, np.ndarray) else 'scalar',
        'of': torch.from_numpy(np.frombuffer(array.tobytes(), np.uint8).copy()),
        'dtype': array.dtype.str,
        'shape': list(array.shape),
    }


def _array(form: Form, present: Any) -> Any:
    read = np.frombuffer(form['of'].numpy().tobytes(), np.dtype(form['dtype']))
    array = read.reshape(form['shape']).copy()
    if form['is'] == 'scalar':
        return array[()]
    if type(present) is np.ndarray and (present.shape, present.dtype) == (array.shape, array.dtype):
        present[...] = array
        return present
    return array


def _tensor(tensor: Tensor, present: Any) -> Tensor:
    alike = type(present) is Tensor and (present.shape, present.dtype, present.device) == (
        tensor.shape,
        tensor.dtype,
        tensor.device,
    )
    if alike and not present.requires_grad and present.grad_fn is None:
        with torch.no_grad():
            return present.copy_(tensor)
    return tensor.clone()


_WORDS: dict[str, Callable[[Any], Any]] = {
    'complex': lambda of: complex(*of),
    'bytes': lambda of: bytes(of.tolist()),
    'bytearray': lambda of: bytearray(of.tolist()),
    'dtype': lambda of: getattr(torch, of),
    'device': torch.device,
}
