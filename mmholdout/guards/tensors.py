"""Checkpoints of other programs: read are tensors, plain values and mmengine's log buffers."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from types import ModuleType
from typing import Any

import numpy as np
import torch

from mmholdout.errors import CheckpointError, UserError
from mmholdout.guards.content_digests import KEY, check_digests


def tensors_only() -> None:
    """The loader of mmengine calls `torch.load` without `weights_only` and checks no digest.

    Everything that a config names goes through its loader: `Pretrained` of any module, for
    paths and all of its schemes (http, torchvision, open-mmlab, s3, ...), and what mmdet's
    classes load themselves (DetectoRS, distillation).
    """
    from mmengine.runner import checkpoint

    if not isinstance(checkpoint.torch, _TorchWithSafeLoad):
        checkpoint.torch = _TorchWithSafeLoad('torch')
        checkpoint.load_url = load_url


class _TorchWithSafeLoad(ModuleType):
    """torch, except for `load`."""

    def __getattr__(self, name: str) -> Any:
        return safely(torch.load) if name == 'load' else getattr(torch, name)


def load_url(url: str, model_dir: str | None = None, map_location: Any = None, **_: Any) -> Any:
    """In place of `torch.hub.load_state_dict_from_url`: digests in names are checked.

    Raises:
        DownloadError: see `published_file`.
        CheckpointError: see `safely`.
    """
    from mmholdout.fetch.published import published_file  # urllib takes its time

    folder = Path(model_dir or Path(torch.hub.get_dir()) / 'checkpoints')
    return safely(torch.load)(str(published_file(url, folder)), map_location=map_location)


def safely(read: Callable[..., Any]) -> Callable[..., Any]:
    """`read(file, ...)` with `weights_only=True`, the allow-list, and failures in words.

    The result raises:
        CheckpointError: the file holds something that could run code, or is damaged.
    """

    def call(file: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            with torch.serialization.safe_globals(harmless()):
                content = read(file, *args, **{**kwargs, 'weights_only': True})
            if isinstance(content, dict) and KEY in content:  # a file of this project
                check_digests(content, file)
            return content
        except (UserError, FileNotFoundError):
            raise
        except Exception as error:  # a damaged pickle can raise anything
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


def harmless() -> list[Any]:
    """What mmengine's own checkpoints hold besides tensors, under old and new NumPy names.

    For `torch.serialization.safe_globals`.
    """
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
