"""The few patches to today's stack; each is a no-op where upstream is mended.

Measured on torch 2.13, NumPy 2.4, OpenCV 5, setuptools 84 with mmengine 0.10.7 and mmdet 3.3.0.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from types import ModuleType
from typing import Any

import numpy as np
import torch

from mmholdout.errors import CheckpointError


def apply() -> None:
    """Put in place what reading a config needs; calling it again changes nothing."""
    find_packages_without_pkg_resources()
    be_quiet()


def apply_to_models() -> None:
    """Put in place what needs mmdet's models and mmengine's runner, which take a second."""
    load_tensors_only()
    let_ssd_predict()


def load_tensors_only() -> None:
    """No checkpoint may run code: mmengine calls `torch.load` without `weights_only`."""
    from mmengine.runner import checkpoint

    if not isinstance(checkpoint.torch, _TorchWithSafeLoad):
        checkpoint.torch = _TorchWithSafeLoad('torch')
        checkpoint.load_url = _safely(torch.hub.load_state_dict_from_url)


class _TorchWithSafeLoad(ModuleType):
    """torch, except that `load` reads tensors, plain types, NumPy values and log buffers only."""

    def __getattr__(self, name: str) -> Any:
        return _safely(torch.load) if name == 'load' else getattr(torch, name)


def _safely(read: Callable[..., Any]) -> Callable[..., Any]:
    def call(file: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            with torch.serialization.safe_globals(_harmless()):
                return read(file, *args, **{**kwargs, 'weights_only': True})
        except (UnpicklingError, EOFError) as error:
            text = str(error).split('WeightsUnpickler error:')[-1]
            held = re.search(r'GLOBAL (\S+)|(getattr .*)', text)
            reason = (
                f'it holds {held[1] or held[2]}, and reading that could run code'
                if held
                else f'it is damaged or no checkpoint ({" ".join(text.split())[:80]})'
            )
            raise CheckpointError(
                f'{file} was not loaded: {reason}. Read are tensors, plain values and log buffers '
                'only: save its state_dict alone, with a program that you trust.'
            ) from error

    return call


def _harmless() -> list[Any]:
    """What mmengine's own checkpoints hold besides tensors, under old and new NumPy names."""
    from mmengine.logging import HistoryBuffer

    def log_method(owner: type, name: str) -> Any:
        if owner is HistoryBuffer and not name.startswith('_'):
            return getattr(owner, name)
        raise UnpicklingError(f'getattr of {owner!r}, {name!r}')

    multiarray = importlib.import_module(np.zeros(1).__reduce__()[0].__module__)
    dtypes = {type(np.dtype(code)) for code in np.typecodes['AllInteger'] + 'efd?'}
    functions = [
        (getattr(multiarray, function), f'{package}.multiarray.{function}')
        for function in ('_reconstruct', 'scalar')
        for package in ('numpy.core', 'numpy._core')
    ]
    return [
        HistoryBuffer,
        np.ndarray,
        np.dtype,
        *dtypes,
        *functions,
        (log_method, 'builtins.getattr'),
    ]


def find_packages_without_pkg_resources() -> None:
    """`_base_ = 'mmdet::...'` asks pkg_resources, which setuptools no longer has."""
    if find_spec('pkg_resources') is not None:
        return
    for name in ('mmengine.utils.package_utils', 'mmengine.utils', 'mmengine.config.config'):
        module = importlib.import_module(name)
        for function in (is_installed, get_installed_path):
            setattr(module, function.__name__, function)


def is_installed(package: str) -> bool:
    """Whether a distribution or an importable module has this name."""
    try:
        return bool(metadata.version(package))
    except metadata.PackageNotFoundError:
        return find_spec(package) is not None


def get_installed_path(package: str) -> str:
    """Folder of the package's code; the module's name may differ (mmcv-lite holds mmcv)."""
    spec = find_spec(package)
    if spec is None:
        names = (metadata.distribution(package).read_text('top_level.txt') or '').split()
        spec = find_spec(names[0]) if names else None
    if spec is None or spec.origin is None:
        raise RuntimeError(f'the folder of {package} cannot be told: it has no single module')
    return str(Path(spec.origin).parent)


def let_ssd_predict() -> None:
    """Predicting reads `loss_cls`, which mmdet's SSD head lacks: its first validation dies."""
    from mmdet.models.dense_heads import SSDHead

    if not hasattr(SSDHead, 'loss_cls'):
        SSDHead.loss_cls = None


def be_quiet() -> None:
    """Hide warnings that only the authors of mmdet and mmengine can act on."""
    for message, category in (
        ('torch.meshgrid: in an upcoming release', UserWarning),
        ('.*`num_anchors` is deprecated', UserWarning),
        (r'`torch\.cuda\.amp\.', FutureWarning),  # CSPDarknet, CSPNeXt, SimOTA: at every step
    ):
        warnings.filterwarnings('ignore', message=message, category=category)
