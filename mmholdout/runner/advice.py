"""What the user can do when training has failed: where the run stands and how it goes on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mmholdout.errors import CheckpointError, StorageError, UserError
from mmholdout.runner.checkpoint import read_checkpoint
from mmholdout.runner.run_folder import RunFolder

_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


@contextmanager
def with_advice(folder: RunFolder, resume_command: str) -> Iterator[None]:
    """Around training; nothing is saved here, because the state may be torn by the failure.

    Raises:
        UserError: as it came, with what is saved and how to go on from there.
        StorageError: for an error of the system that concerns a file of the run.
    """
    try:
        yield
    except UserError as error:
        if folder.begun:  # not for what was refused before anything was changed
            error.advice = _how_to_go_on(folder, resume_command)
        raise
    except OSError as error:
        file = _file_of_run(error, folder)
        if file is None:
            raise
        told = error.__context__  # what the run was ending for when this came in between
        first = [str(told)] if isinstance(told, UserError) else []
        reason = error.strerror or str(error)
        failure = StorageError([*first, f'{file} cannot be written: {reason}'])
        failure.advice = _what_is_intact(folder) + _how_to_go_on(folder, resume_command)
        raise failure from error


def _file_of_run(error: OSError, folder: RunFolder) -> str | None:
    """The file that could not be written; None for an error that has nothing to do with it."""
    if isinstance(error.filename, str | bytes):
        name = Path(error.filename if isinstance(error.filename, str) else error.filename.decode())
        root = folder.path.absolute()
        return str(name) if root in (name.absolute(), *name.absolute().parents) else None
    return f'a file in {folder.path}' if error.errno in _STORAGE else None


def _what_is_intact(folder: RunFolder) -> str:
    """Read, not believed."""
    intact, damaged = [], []
    for path in sorted(folder.checkpoints.glob('*.pth')):
        try:
            intact.append(f'{path.name} (epoch {read_checkpoint(path)["meta"]["epoch"]})')
        except CheckpointError:
            damaged.append(path.name)
    lines = [f'Intact in {folder.checkpoints}: {", ".join(intact)}.\n'] if intact else []
    return ''.join([*lines, *([f'Damaged: {", ".join(damaged)}.\n'] if damaged else [])])


def _how_to_go_on(folder: RunFolder, resume_command: str) -> str:
    if not folder.last.is_file() and not folder.last_prev.is_file():
        return 'Nothing of this run has been saved yet; begin it anew.'
    return (
        'What was trained up to the last save is kept; when this is mended, continue with:\n  '
        f'{resume_command}'
    )
