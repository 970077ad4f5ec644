"""What modules remember of the last batch, and forgetting it."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterator
from operator import is_
from typing import Any

from torch import nn

from mmholdout.models.model_state import PLAIN, TORCHS_OWN

_MAPPINGS = (dict, OrderedDict, defaultdict)
_SEQUENCES = (list, deque)
_CONTAINERS = frozenset((*_MAPPINGS, *_SEQUENCES, set))


class Leftovers:
    """The attributes of all modules and the members of their containers, to be put back.

    Heads keep there what they saw last. Attributes that hold another object than before get the
    old one, new ones are taken away, and dicts, lists, deques and sets, also within each other,
    get their members back. Not put back: a number or word under its own attribute, and what
    objects of other kinds hold; whether that has changed has to be looked at.

    Args:
        model: as it is to be again.
    """

    def __init__(self, model: nn.Module) -> None:
        self._attributes = [(module, dict(vars(module))) for module in model.modules()]
        self._members: dict[int, tuple[Any, Any]] = {}
        for _, held in self._attributes:
            for key, value in held.items():
                if type(value) in _CONTAINERS and key not in TORCHS_OWN:
                    self._note(value)

    def _note(self, value: Any) -> None:
        if type(value) in _CONTAINERS and id(value) not in self._members:
            self._members[id(value)] = value, list(_items(value))
            for member in value.values() if isinstance(value, dict) else value:
                self._note(member)

    def forget(self) -> None:
        """Put everything back."""
        for module, held in self._attributes:
            now = vars(module)
            if now.keys() == held.keys() and all(map(is_, now.values(), held.values())):
                continue  # nearly all of them
            for key in [k for k in now if k not in TORCHS_OWN and k not in held]:
                delattr(module, key)
            for key, value in held.items():
                if now.get(key) is value or key in TORCHS_OWN or isinstance(value, PLAIN):
                    continue
                setattr(module, key, value)
        for container, members in self._members.values():
            if not _same(list(_items(container)), members):
                container.clear()
                if type(container) in _SEQUENCES:
                    container.extend(members)
                else:
                    container.update(members)


def _items(container: Any) -> Iterator[Any]:
    return iter(container.items() if isinstance(container, dict) else container)


def _same(members: list[Any], others: list[Any]) -> bool:
    """Whether they are the same objects; to compare arrays by value would be no truth value."""
    if len(members) != len(others):
        return False
    pairs = zip(members, others)
    return all(
        a is b or (isinstance(a, tuple) and isinstance(b, tuple) and _same(list(a), list(b)))
        for a, b in pairs
    )
