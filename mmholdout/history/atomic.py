"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replace_with(path: str | Path, *, previous: str | Path | None = None) -> Iterator[BinaryIO]:
    """Yield a binary file that takes the place of `path` when the block ends well.

    The bytes go to a temporary file in the same folder, which is flushed, synchronised and then
    renamed: a reader sees the old file or the new one. After any failure, Ctrl-C included,
    `path` holds what it held before and the temporary file is gone.

    Args:
        path: the file; its folder must exist.
        previous: where the file that is replaced is kept, if anywhere; same folder.
    """
    target = Path(path)
    temporary = target.with_name(f'.{target.name}.{uuid.uuid4().hex[:8]}.tmp')
    try:
        with temporary.open('xb') as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _rename(temporary, target, None if previous is None else Path(previous))
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a whole file; see `replace_with`."""
    with replace_with(path) as file:
        file.write(data)


def write_text(path: str | Path, text: str) -> None:
    """Write a whole file as UTF-8, line ends as given; see `replace_with`."""
    write_bytes(path, text.encode('utf-8'))


def _rename(temporary: Path, target: Path, previous: Path | None) -> None:
    moved = previous is not None and target.exists()
    if previous is not None and moved:
        target.replace(previous)
    try:
        temporary.replace(target)
    except BaseException:
        if previous is not None and moved:
            previous.replace(target)
        raise


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
