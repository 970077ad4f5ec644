"""Import mmengine and mmdet in half the time."""

from __future__ import annotations

import gc
import importlib
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

# What mmdet imports at its start for drawing and for Hungarian matching, and mmengine for training
# in several processes; over two seconds together.
DEFERRED = (
    *('matplotlib', 'matplotlib.pyplot', 'matplotlib.patches', 'scipy.optimize'),
    *('torch.distributed.fsdp', 'torch.distributed.fsdp.api', 'torch.distributed.optim'),
    'torch.distributed.fsdp.fully_sharded_data_parallel',
)
IMPORTERS = ('mmdet.', 'mmengine.')


@contextmanager
def quick_import() -> Iterator[None]:
    """Within it, importing mmengine and mmdet is quick and silent; afterwards nothing is different.

    The garbage collector rests, deprecation warnings that only the authors of those libraries
    can act on are not shown, and their own names from the modules of `DEFERRED` become stand-ins
    that import the real module when they are called, or when a class made from them is. Whoever
    else imports one of these modules gets the real one.
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
        ours = sys.modules.get(self.__name__) is self and importer.startswith(IMPORTERS)
        if name.startswith('__') and (ours or name != '__path__'):
            raise AttributeError(name)  # `inspect` looks at every module's __file__
        if not ours:
            return getattr(self.real(), name)

        return _LaterName(name, (), {'_origin': self})

    def real(self) -> ModuleType:
        """Import it, and give back the place in `sys.modules`."""
        parent = self.__name__.rpartition('.')[0]
        if isinstance(sys.modules.get(parent), _StandIn):
            sys.modules[parent].real()
        self.leave()
        return importlib.import_module(self.__name__)

    def leave(self) -> None:
        """Give the place back, so that the next import finds the real module."""
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]


class _LaterName(type):
    """A name from a module that is not imported yet: called, subclassed, or asked for a member.

    A class made from it gets the real base when the first object of it is made.
    """

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if '_origin' in vars(cls):
            return cls._real()(*args, **kwargs)
        cls.__bases__ = tuple(
            base._real() if isinstance(base, _LaterName) and '_origin' in vars(base) else base
            for base in cls.__bases__
        )
        return super().__call__(*args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith('__') or '_origin' not in vars(cls):
            raise AttributeError(f'type object {cls.__name__!r} has no attribute {name!r}')
        return getattr(cls._real(), name)

    def __getitem__(cls, name: str) -> Any:
        return cls._real()[name]

    def __instancecheck__(cls, one: Any) -> bool:
        if '_origin' in vars(cls):
            return isinstance(one, cls._real())
        return super().__instancecheck__(one)

    def _real(cls) -> Any:
        return getattr(vars(cls)['_origin'].real(), cls.__name__)
