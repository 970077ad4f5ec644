"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

SPARE = '.spare.tmp'  # ends the name of the `previous` that is just being replaced


@contextmanager
def replace_with(path: str | Path, *, previous: str | Path | None = None) -> Iterator[BinaryIO]:
    """Yield a binary file that takes the place of `path` when the block ends well.

    The bytes go to a temporary file in the same folder, which is flushed, synchronised and then
    renamed: a reader sees the old file or the new one. After any failure, Ctrl-C included,
    `path` and `previous` hold what they held before and the temporary file is gone.

    Args:
        path: the file; its folder must exist.
        previous: where the file that is replaced is kept, if anywhere; same folder.

    Raises:
        OSError: the system's, always with the name `path`.
    """
    target = Path(path)
    temporary = target.with_name(f'.{target.name}.{uuid.uuid4().hex[:8]}.tmp')
    try:
        with temporary.open('xb') as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _rename(temporary, target, None if previous is None else Path(previous))
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            name_file(error, target)
        raise
    _sync_folder(target.parent)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a whole file; see `replace_with`."""
    with replace_with(path) as file:
        file.write(data)


def write_text(path: str | Path, text: str) -> None:
    """Write a whole file as UTF-8, line ends as given; see `replace_with`."""
    write_bytes(path, text.encode('utf-8'))


def name_file(error: OSError, path: Path) -> None:
    """Say which file was meant: a failing write or sync does not, and a temporary is not it."""
    error.filename, error.filename2 = str(path), None


def _rename(temporary: Path, target: Path, previous: Path | None) -> None:
    moves = [(temporary, target)]
    spare = temporary.with_suffix(SPARE)
    if previous is not None and target.exists():
        moves.insert(0, (target, previous))
        if previous.exists():
            moves.insert(0, (previous, spare))
    done: list[tuple[Path, Path]] = []
    try:
        for old, new in moves:
            old.replace(new)
            done.append((old, new))
    except BaseException:
        for old, new in reversed(done):
            with suppress(OSError):  # the spare is still there, see SPARE
                new.replace(old)
        raise
    with suppress(OSError):  # it is cleared away when the folder is used next
        spare.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows cannot open folders, some disks not sync them."""
    if os.name == 'nt':
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
