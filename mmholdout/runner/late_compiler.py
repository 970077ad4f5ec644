"""torch's compiler, imported when something is compiled."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

NAME = 'torch._dynamo'


def import_compiler_late() -> None:
    """Let optimizers not import the compiler, which takes over a second, only to be left alone.

    Every optimizer of torch asks `torch._dynamo` to `disable` some of its methods and to break
    the graph around `step`. Until something else is asked of that module, both are nothing.
    Without effect where it is imported already.
    """
    if NAME not in sys.modules:
        sys.modules[NAME] = _StandIn(NAME)


class _StandIn(ModuleType):
    @staticmethod
    def disable(fn: Callable[..., Any], *_: Any, **__: Any) -> Callable[..., Any]:
        """The function itself: nothing is compiled."""
        return fn

    @staticmethod
    def graph_break(*_: Any, **__: Any) -> None:
        """There is no graph."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith('__') and name != '__path__':
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)
