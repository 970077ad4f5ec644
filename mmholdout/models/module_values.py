"""What training changes in a model besides its `state_dict`: counters, histories, thresholds."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from mmholdout.models.held_values import RECORD, Held, Opaque, held_values
from mmholdout.models.plain_form import from_plain, same_form


class ModuleValues:
    """A stateful part of a run: attributes of modules, and of what they hold, that have changed.

    Dynamic R-CNN keeps its IoU history in a list and its threshold in an assigner, DropBlock
    counts its calls, DDOD counts positives per level: a `state_dict` has none of these. Compared
    is with the model as it was built, so that what the config says and training does not touch is
    the config's on resume.

    Numbers, words, tensors, arrays, random generators and containers of them are saved. What a
    head keeps of a batch (sampling results, instances) is not: the next step makes it anew. Any
    other object that was exchanged cannot be saved, and has its name in `not_saved`.

    Args:
        model: built, before its first step.
    """

    def __init__(self, model: nn.Module) -> None:
        self._model = model
        self._at_start = {held.name: held for held in held_values(model)}

    def state_dict(self) -> dict[str, Any]:
        """`values`: place -> [[key, form], ...]; `not_saved`: names."""
        changed, not_saved = self._changes()
        values: dict[str, list[Any]] = {}
        for held in changed:
            values.setdefault(held.place, []).append([held.key, held.form])
        return {'values': values, 'not_saved': not_saved}

    def not_saved(self) -> list[str]:
        """Names of what has changed and has no plain form."""
        return self._changes()[1]

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Put the saved values into the model.

        Raises:
            ValueError: the model has no such place, or none for such a value.
        """
        owners: dict[str, Any] = dict(self._model.named_modules())
        for held in self._at_start.values():
            owners.setdefault(held.name, held.value)
        device = next(self._model.parameters(), torch.empty(0)).device
        for place, pairs in state['values'].items():
            if place not in owners:
                raise ValueError(f'the model has no {place!r}, of which a value was saved')
            for key, form in pairs:
                _put(owners[place], key, form, device)

    def _changes(self) -> tuple[list[Held], list[str]]:
        changed, not_saved = [], []
        now = {held.name: held for held in held_values(self._model)}
        for name, held in now.items():
            before = self._at_start.get(name)
            if held.form is RECORD or (before is not None and _same(before.form, held.form)):
                continue
            if isinstance(held.form, Opaque):
                not_saved.append(name)
            else:
                changed.append(held)
        return changed, not_saved + [name for name in self._at_start if name not in now]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, Opaque) or isinstance(other, Opaque):
        return one == other
    return same_form(one, other)


def _put(owner: Any, key: Any, form: Any, device: torch.device) -> None:
    if isinstance(owner, dict | list):
        present = owner[key] if isinstance(owner, list) or key in owner else None
        owner[key] = from_plain(form, device, present)
    else:
        value = from_plain(form, device, getattr(owner, key, None))
        setattr(owner, key, value)
