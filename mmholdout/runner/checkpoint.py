"""Checkpoint files: plain types and tensors with their digests, written whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, BinaryIO

import torch

from mmholdout.errors import CheckpointError
from mmholdout.guards.content_digests import KEY, check_digests, with_digests
from mmholdout.history.atomic import replace_with

FORMAT = 'mmholdout/2'
_OURS = 'mmholdout/'
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
    whole = with_digests({**content, 'format': FORMAT})
    with replace_with(path, previous=previous) as file:
        writer = _Writer(file)
        try:
            torch.save(whole, writer)
        except RuntimeError:
            if writer.failure is not None:
                raise writer.failure from None
            raise


class _Writer:
    """Remembers why a write failed; torch's C++ side makes "unexpected pos" of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: Any) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = self.failure or error
            raise

    def flush(self) -> None:
        self._file.flush()


def read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a file of ours onto the CPU; nothing in it is executed, and its digests are compared.

    Raises:
        CheckpointError: missing, damaged, of another program, or holding more than data.
    """
    content = load_plain(path)
    found = content.get('format') if isinstance(content, dict) else None
    if found == FORMAT:
        return content
    if isinstance(found, str) and found.startswith(_OURS):
        raise CheckpointError(
            f'{path} was written by another version (format {found}, this one reads {FORMAT}). '
            f'Go on with the version that wrote it, or start a new run from its weights with '
            f'load_from={str(path)!r} in the config'
        )
    raise CheckpointError(
        f'{path} was not written by this project (format {FORMAT}). To start from its weights, '
        f'set load_from in the config'
    )


def load_plain(path: Path) -> Any:
    """`torch.load(weights_only=True)` with its failures in words; a file of ours is verified.

    Raises:
        CheckpointError: missing, damaged, or holding more than data.
    """
    if not path.is_file():
        raise CheckpointError(f'there is no checkpoint {path}')
    try:
        content = torch.load(path, map_location='cpu', weights_only=True)
    except Exception as error:  # a damaged file can raise anything
        raise CheckpointError(_in_words(path, str(error))) from error
    if isinstance(content, dict) and (content.get('format') == FORMAT or KEY in content):
        check_digests(content, path)
    return content


def _in_words(path: Path, said: str) -> str:
    text = ' '.join(said.split('WeightsUnpickler error:')[-1].split())
    held = re.search(r'GLOBAL (\S+)|(getattr of .*)', text)
    if held:
        return (
            f'{path} holds more than tensors and plain values and was not loaded, because such a '
            f'file can run code: it names {(held[1] or held[2])[:100]}'
        )
    return f'{path} is damaged or not a checkpoint: {text[:200] or "it ends too early"}'


def require_full(content: dict[str, Any], path: Path) -> None:
    """Refuse to resume from a file that holds weights only."""
    if content['kind'] != FULL:
        raise CheckpointError(
            f'{path} holds weights only (no optimizer, no history, no steering state), so the run '
            f'would not continue but restart. Resume from {path.with_name("last.pth")}, or start '
            f'a new run from these weights with load_from={str(path)!r} in the config'
        )
