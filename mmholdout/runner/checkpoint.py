"""Checkpoint files: plain types and tensors, written whole or not at all."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch

from mmholdout.errors import CheckpointError
from mmholdout.history.atomic import replace_with

FORMAT = 'mmholdout/1'
TRAINED = 'train_state_dict'  # beside `state_dict`, where that is an average
FULL = 'full'  # everything that a resume needs
WEIGHTS = 'weights'  # the model and what was known when it was chosen


def write_checkpoint(path: Path, content: dict[str, Any], *, previous: Path | None = None) -> None:
    """Write to a temporary file, flush, rename; the old file is kept as `previous` if asked.

    Args:
        path: the file; after any failure it holds what it held before.
        content: plain types and tensors only.
        previous: where the file that is replaced goes.
    """
    with replace_with(path, previous=previous) as file:
        torch.save({'format': FORMAT, **content}, file)


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a file of ours onto the CPU; nothing in it is executed.

    Raises:
        CheckpointError: missing, damaged, of another program, or holding more than data.
    """
    content = load_plain(path)
    if not isinstance(content, dict) or content.get('format') != FORMAT:
        raise CheckpointError(
            f'{path} was not written by this project (format {FORMAT}). To start from its weights, '
            f'set load_from in the config'
        )
    return content


def load_plain(path: Path) -> Any:
    """`torch.load(weights_only=True)` with its failures in words."""
    if not path.is_file():
        raise CheckpointError(f'there is no checkpoint {path}')
    try:
        return torch.load(path, map_location='cpu', weights_only=True)
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f'{path} holds more than tensors and plain values and was not loaded, because such a '
            f'file can run code: {_first_line(error)}'
        ) from error
    except (RuntimeError, EOFError, OSError, ValueError, zipfile.BadZipFile, KeyError) as error:
        raise CheckpointError(
            f'{path} is damaged or not a checkpoint: {_first_line(error)}'
        ) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def read_for_resume(last: Path, previous: Path) -> tuple[dict[str, Any], list[str]]:
    """The newest readable state of a run, and what to tell the user about it.

    Raises:
        CheckpointError: when neither file can be read.
    """
    problems = []
    for path in (last, previous):
        if not path.is_file() and path == last and not previous.is_file():
            break
        try:
            return read_checkpoint(path), problems
        except CheckpointError as error:
            problems.append(f'{error}; falling back to {previous.name}')
    raise CheckpointError(
        problems or f'there is nothing to resume: neither {last} nor {previous.name} exists'
    )


def require_full(content: dict[str, Any], path: Path) -> None:
    """Refuse to resume from a file that holds weights only."""
    if content['kind'] != FULL:
        raise CheckpointError(
            f'{path} holds weights only (no optimizer, no history, no steering state), so the run '
            f'would not continue but restart. Resume from {path.with_name("last.pth")}, or start '
            f'a new run from these weights with load_from={str(path)!r} in the config'
        )
