"""Weights that a model asks for itself (`init_cfg`): what goes wrong there is the user's."""

from __future__ import annotations

import logging
import pickle
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mmengine.logging import MMLogger
from torch import nn

from mmholdout.errors import CheckpointError
from mmholdout.runner.parts import as_config_errors

_FILE_ERRORS = (
    *(OSError, EOFError, RuntimeError, pickle.UnpicklingError, zipfile.BadZipFile),
    ImportError,  # pavi:// and torchvision:// need packages of these names
)


@contextmanager
def initialising(model: nn.Module) -> Iterator[list[str]]:
    """Around `model.init_weights()`; the list that it gives holds warnings for the user then.

    mmengine warns of weights that do not fit to a logger that is silent here, and goes on with
    the random ones.

    Raises:
        CheckpointError: pretrained weights are missing, damaged or cannot be fetched.
        ConfigError: an `init_cfg` that its class does not take.
    """
    sources = pretrained_sources(model)
    collector, logger = _Collector(), MMLogger.get_current_instance()
    logger.addHandler(collector)
    ours = logging.getLogger('mmholdout.models')  # our initialisers say what they have loaded
    level = ours.level
    ours.setLevel(logging.INFO)
    ours.addHandler(collector)
    try:
        with as_config_errors('init_cfg of the model'):
            yield collector.said
    except _FILE_ERRORS as error:
        if not sources:
            raise
        said = ' '.join(str(error).split()) or type(error).__name__
        raise CheckpointError(
            f'the weights that init_cfg names cannot be loaded: {said[:300]} (init_cfg names '
            f'{", ".join(sources)}). Give a file that exists, or train from scratch with '
            f'init_cfg=None at that place'
        ) from error
    finally:
        logger.removeHandler(collector)
        ours.removeHandler(collector)
        ours.setLevel(level)


class _Collector(logging.Handler):
    """Keeps warnings, and what our own initialisers say; long texts cut."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno < logging.WARNING and not record.name.startswith('mmholdout'):
            return
        lines = [line for line in record.getMessage().splitlines() if line.strip()]
        more = [f'... and {len(lines) - _SHOWN} lines more'] if len(lines) > _SHOWN else []
        self.said.append('\n  '.join(['init_cfg: ' + lines[0], *lines[1:_SHOWN], *more]))


_SHOWN = 8


def pretrained_sources(model: nn.Module) -> list[str]:
    """Files and addresses that the `init_cfg` of any module names, in their order."""
    found: dict[str, None] = {}
    for module in model.modules():
        given = getattr(module, 'init_cfg', None)
        for one in given if isinstance(given, list | tuple) else [given]:
            if isinstance(one, dict) and _is_pretrained(one.get('type')):
                found[str(one.get('checkpoint'))] = None
    return list(found)


def _is_pretrained(kind: Any) -> bool:
    name = kind if isinstance(kind, str) else getattr(kind, '__name__', '')
    return str(name).split('.')[-1] in ('Pretrained', 'PretrainedInit')
