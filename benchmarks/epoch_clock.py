"""A hook that notes when things happen; the same for stock mmdet and for this project."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from mmengine.hooks import Hook
from mmengine.registry import HOOKS

EVENTS = ('before_train_epoch', 'after_train_epoch', 'before_val_epoch', 'after_val_epoch')
EVENTS += ('before_train_iter', 'after_train_iter', 'after_train')


@HOOKS.register_module()
class ClockHook(Hook):
    """Writes [event, seconds of the system's clock] to `path` when training ends.

    Args:
        path: the file, JSON.
    """

    priority = 'LOWEST'

    def __init__(self, path: str) -> None:
        self.path = path
        self.events: list[tuple[str, float]] = []

    def _note(self, event: str) -> None:
        self.events.append((event, time.time()))
        if event == 'after_train':
            Path(self.path).write_text(json.dumps(self.events))


def _noting(event: str) -> Any:
    def note(self: ClockHook, *_: Any, **__: Any) -> None:
        self._note(event)

    return note


for _event in EVENTS:
    setattr(ClockHook, _event, _noting(_event))
