"""A stand-in for `mmcv._ext`, the compiled half of mmcv, put in place where it is missing."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import NoReturn, cast

from mmholdout.errors import ConfigError, MissingOperatorError

NAME = 'mmcv._ext'
INSTALL_MMCV = 'pip install mmcv-lite==2.1.0'
INSTALL_COMPILED = 'pip uninstall mmcv-lite && pip install --no-binary mmcv "mmcv>=2.0,<2.2"'

# Our modules, and the functions in them that mmcv calls.
OWN = {
    'nms': ('nms',),
    'soft_nms': ('softnms',),
    'roi_align': ('roi_align_forward', 'roi_align_backward'),
    'roi_pool': ('roi_pool_forward', 'roi_pool_backward'),
    'focal_loss': (
        'sigmoid_focal_loss_forward',
        'sigmoid_focal_loss_backward',
        'softmax_focal_loss_forward',
        'softmax_focal_loss_backward',
    ),
}


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
    """Which operators are in use, for people."""
    supply()
    if not isinstance(sys.modules.get(NAME), _Extension):
        return 'compiled mmcv'
    import torch

    from mmholdout.ops.torchvision_kernels import kernels

    gpu = ''
    if torch.cuda.is_available():
        gpu = 'torchvision on the GPU (nms, roi_align); ' if kernels() else 'no torchvision; '
    return f'{gpu}own operators ({", ".join(OWN)})'


class _Extension(ModuleType):
    """mmcv asks `hasattr(ext, name)` of some hundred operators at import, and calls few."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        if name.startswith('__'):
            raise AttributeError(name)
        for operator, functions in OWN.items():
            if name in functions:
                module = importlib.import_module(f'mmholdout.ops.{operator}')
                return cast('Callable[..., object]', getattr(module, name))
        return _missing(name)


def _missing(name: str) -> Callable[..., object]:
    def call(*_args: object, **_kwargs: object) -> NoReturn:
        raise MissingOperatorError(
            f"the operator '{name}' needs a compiled mmcv, and this installation has none "
            f'(own operators: {", ".join(OWN)}). Use a model without it, or: {INSTALL_COMPILED}'
        )

    call.__name__ = name
    return call
