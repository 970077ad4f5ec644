"""What modules and the objects they hold have at one time, put back whatever became of it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from typing import Any

import numpy as np
import torch
from mmengine.config import ConfigDict
from torch import Tensor, nn

from mmholdout.models.generator_state import GENERATORS, generator_state, set_generator_state
from mmholdout.models.held_values import RECORDS
from mmholdout.models.model_state import CLOSED, PLAIN, TORCHS_OWN

_MAPPINGS = (dict, OrderedDict, defaultdict, ConfigDict)
_SEQUENCES = (list, deque)
_DEPTH = 6  # of objects in objects, as for the comparison around a validation


class HeldState:
    """Buffers and attributes of some modules, and of the objects that their attributes hold.

    Put back are the values and the objects themselves: a number, a buffer that another tensor
    took the place of, a member of a list, a threshold in an assigner, an array written in place.
    Not put back are parameters, and what an object without readable attributes keeps.

    Args:
        modules: with all modules below them.
    """

    def __init__(self, *modules: nn.Module) -> None:
        self._owners: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self._containers: list[tuple[Any, Any]] = []
        self._written: list[tuple[Any, Any]] = []
        self._generators: list[tuple[Any, Any]] = []
        self._seen: set[int] = set()
        for module in (inner for given in modules for inner in given.modules()):
            if id(module) in self._seen:
                continue
            self._seen.add(id(module))
            self._note_owner(module._buffers, dict(module._buffers), _DEPTH)
            if not type(module).__module__.startswith('torch.nn.'):  # they keep nothing else
                own = {k: v for k, v in vars(module).items() if k not in TORCHS_OWN}
                self._note_owner(vars(module), own, _DEPTH)

    def put_back(self) -> None:
        """Everything as it was at construction."""
        for owner, held in self._owners:
            if owner.keys() != held.keys():
                for key in [k for k in owner if k not in held and k not in TORCHS_OWN]:
                    del owner[key]
            for key, value in held.items():
                if owner.get(key, self) is not value:
                    owner[key] = value
        for container, members in self._containers:
            container.clear()
            (container.extend if type(container) in _SEQUENCES else container.update)(members)
        with torch.no_grad():
            for written, copy in self._written:
                if isinstance(written, Tensor):
                    written.detach().copy_(copy)
                else:
                    written[...] = copy
        for generator, state in self._generators:
            set_generator_state(generator, state)

    def _note_owner(self, owner: dict[str, Any], held: dict[str, Any], depth: int) -> None:
        self._owners.append((owner, held))
        for value in held.values():
            self._note(value, depth)

    def _note(self, value: Any, depth: int) -> None:
        kind = type(value)
        if kind in PLAIN or depth == 0 or isinstance(value, (*CLOSED, *RECORDS)):
            return
        if id(value) in self._seen:
            return
        self._seen.add(id(value))
        if isinstance(value, Tensor):
            self._written.append((value, value.detach().clone()))
        elif isinstance(value, np.ndarray):
            self._written.append((value, value.copy()))
        elif isinstance(value, GENERATORS):
            self._generators.append((value, generator_state(value)))
        elif kind in _MAPPINGS:
            self._containers.append((value, dict(value)))
            for member in value.values():
                self._note(member, depth - 1)
        elif kind in (*_SEQUENCES, set, tuple):
            if kind is not tuple:
                self._containers.append((value, list(value)))
            for member in value:
                self._note(member, depth - 1)
        elif hasattr(value, '__dict__'):
            self._note_owner(vars(value), dict(vars(value)), depth - 1)
