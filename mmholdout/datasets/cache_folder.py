"""Where this user's caches are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder(*names: str) -> Path:
    """A folder for what can be made again; it need not exist.

    `$XDG_CACHE_HOME/mmholdout` where that is set, else below the platform's usual place:
    `~/.cache`, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.

    Args:
        names: of folders below it.

    Raises:
        RuntimeError: the user has no home folder.
    """
    return _base() / 'mmholdout' / Path(*names)


def _base() -> Path:
    given = os.environ.get('XDG_CACHE_HOME')
    if given and Path(given).is_absolute():  # the standard says to ignore a relative one
        return Path(given)
    if sys.platform == 'win32':
        local = os.environ.get('LOCALAPPDATA')
        return Path(local) if local else Path.home() / 'AppData' / 'Local'
    if sys.platform == 'darwin':
        return Path.home() / 'Library' / 'Caches'
    return Path.home() / '.cache'
