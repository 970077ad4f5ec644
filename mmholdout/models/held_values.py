"""The values that modules, and the objects they hold, keep as attributes: a walk over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mmdet.models.task_modules.assigners import AssignResult
from mmdet.models.task_modules.samplers import SamplingResult
from mmdet.structures.bbox import BaseBoxes
from mmengine.structures import BaseDataElement
from torch import nn

from mmholdout.models.generator_state import GENERATORS
from mmholdout.models.model_state import CLOSED, TORCHS_OWN
from mmholdout.models.plain_form import Form, NoPlainFormError, to_plain

# Of one batch: heads keep them after a step, and nothing reads them in the next.
RECORDS = (BaseDataElement, BaseBoxes, AssignResult, SamplingResult)
_CONTAINERS = (list, tuple, dict)
_DEPTH = 6  # of objects in objects; assigners and coders of mmdet are two deep


@dataclass(frozen=True)
class Held:
    """One value, and where it is.

    Attributes:
        place: path of what has it: a module, an object, a list.
        key: the attribute, key or index there.
        owner: the module, object or container itself.
        value: the value.
        form: what `to_plain` makes of it; an OPAQUE where it makes nothing.
    """

    place: str
    key: Any
    owner: Any
    value: Any
    form: Form

    @property
    def name(self) -> str:
        """A path that a person can look up."""
        if isinstance(self.owner, _CONTAINERS):
            return f'{self.place}[{self.key!r}]'
        return f'{self.place}.{self.key}' if self.place else str(self.key)


@dataclass(frozen=True, eq=False)
class Opaque:
    """Stands for what has no plain form.

    Attributes:
        mark: the value itself; or its type, where what it has is given one by one.
    """

    mark: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and self.mark is other.mark

    __hash__ = None  # type: ignore[assignment]


RECORD = Opaque(None)


def held_values(model: nn.Module) -> Iterator[Held]:
    """Every value below a model's modules that is no part of its `state_dict`.

    Objects, and containers that hold objects, are given as such, and what they have one by one.
    A record of a batch has RECORD for its form.
    """
    seen: set[int] = set()
    for path, module in model.named_modules():
        for key, value in list(vars(module).items()):
            if key not in TORCHS_OWN:
                yield from _below(path, key, module, value, seen, _DEPTH)


def is_record(value: Any) -> bool:
    """Whether it is of one batch, or a container of such."""
    if isinstance(value, list | tuple):
        return any(map(is_record, value))
    if isinstance(value, dict):
        return any(map(is_record, value.values()))
    return isinstance(value, RECORDS)


def _below(
    place: str, key: Any, owner: Any, value: Any, seen: set[int], depth: int
) -> Iterator[Held]:
    if is_record(value):
        yield Held(place, key, owner, value, RECORD)
        return
    try:
        yield Held(place, key, owner, value, to_plain(value))
        return
    except (NoPlainFormError, RecursionError):
        members = None if depth == 0 else _members(value)
    held = Held(place, key, owner, value, Opaque(value if members is None else type(value)))
    yield held
    if members is not None and id(value) not in seen:
        seen.add(id(value))
        for inner, member in members:
            yield from _below(held.name, inner, value, member, seen, depth - 1)


def _members(value: Any) -> Iterable[tuple[Any, Any]] | None:
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list | tuple):
        return list(enumerate(value))
    if isinstance(value, (*CLOSED, *GENERATORS)) or not hasattr(value, '__dict__'):
        return None
    return list(vars(value).items())
