"""A stand-in for `mmcv._ext`, the compiled half of mmcv, put in place where it is missing."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NoReturn

from mmholdout.errors import ConfigError, MissingOperatorError

NAME = 'mmcv._ext'
INSTALL_MMCV = 'pip install mmcv-lite==2.1.0'
INSTALL_COMPILED = 'pip uninstall mmcv-lite && pip install --no-binary mmcv "mmcv>=2.0,<2.2"'


def supply() -> None:
    """Make `import mmcv._ext` work; nothing is touched where a compiled mmcv is installed.

    Raises:
        ConfigError: there is no mmcv at all.
    """
    if NAME in sys.modules:
        return
    if importlib.util.find_spec('mmcv') is None:
        raise ConfigError(
            f'mmcv is not installed. `{INSTALL_MMCV}` is enough (no compiler needed); '
            'a compiled mmcv 2.0 or 2.1 works too.'
        )
    if importlib.util.find_spec(NAME) is None:
        module = _Extension(NAME)
        module.__spec__ = ModuleSpec(NAME, loader=None)  # `find_spec` refuses a module without
        sys.modules[NAME] = module


def backend_name() -> str:
    """Which operators are in use, for people: 'compiled mmcv', 'torchvision' or 'own ...'."""
    supply()
    module = sys.modules.get(NAME)
    if not isinstance(module, _Extension):
        return 'compiled mmcv'
    from mmholdout.ops import nms

    return nms.backend_name()


class _Extension(ModuleType):
    """mmcv asks `hasattr(ext, name)` of some hundred operators at import, and calls few."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith('__'):
            raise AttributeError(name)
        if name == 'nms':
            from mmholdout.ops.nms import nms

            return nms
        return _missing(name)


def _missing(name: str) -> Callable[..., object]:
    def call(*_args: object, **_kwargs: object) -> NoReturn:
        raise MissingOperatorError(
            f"the operator '{name}' needs a compiled mmcv, and this installation has none "
            f'(own operators: nms). Use a model without it, or: {INSTALL_COMPILED}'
        )

    call.__name__ = name
    return call
