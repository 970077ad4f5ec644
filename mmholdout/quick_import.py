"""Import mmdet in half the time."""

from __future__ import annotations

import gc
import importlib
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

# What mmdet imports at its start for drawing and for Hungarian matching; over a second together.
DEFERRED = ('matplotlib', 'matplotlib.pyplot', 'matplotlib.patches', 'scipy.optimize')
IMPORTER = 'mmdet.'


@contextmanager
def quick_import() -> Iterator[None]:
    """Within it, importing mmdet is quick and silent; afterwards nothing is different.

    The garbage collector rests, deprecation warnings that only the authors of those libraries
    can act on are not shown, and mmdet's own names from the modules of `DEFERRED` become
    functions that import the real module when they are called. Whoever else imports one of
    these modules gets the real one.
    """
    stand_ins = {name: _StandIn(name) for name in DEFERRED if name not in sys.modules}
    for name, stand_in in stand_ins.items():
        parent, _, child = name.rpartition('.')
        if parent in stand_ins:
            setattr(stand_ins[parent], child, stand_in)
    collecting = gc.isenabled()
    gc.disable()
    sys.modules.update(stand_ins)
    try:
        with warnings.catch_warnings():
            for category in (DeprecationWarning, FutureWarning, ImportWarning):
                warnings.simplefilter('ignore', category)
            yield
    finally:
        for stand_in in stand_ins.values():
            stand_in.leave()
        if collecting:
            gc.enable()


class _StandIn(ModuleType):
    """In `sys.modules` in place of the real module, which it imports when it is really needed."""

    def __getattr__(self, name: str) -> Any:
        importer = sys._getframe(1).f_globals.get('__name__', '')
        ours = sys.modules.get(self.__name__) is self and importer.startswith(IMPORTER)
        if name.startswith('__') and (ours or name != '__path__'):
            raise AttributeError(name)  # `inspect` looks at every module's __file__
        if not ours:
            return getattr(self._real(), name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return getattr(self._real(), name)(*args, **kwargs)

        return call

    def _real(self) -> ModuleType:
        parent = self.__name__.rpartition('.')[0]
        if isinstance(sys.modules.get(parent), _StandIn):
            sys.modules[parent]._real()
        self.leave()
        return importlib.import_module(self.__name__)

    def leave(self) -> None:
        """Give the place back, so that the next import finds the real module."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
