"""What `custom_imports` can name, and its import."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

_MARKS = ('pyproject.toml', 'setup.py', '.git')


def project_folder(config: Path) -> Path:
    """The nearest folder above a config that looks like a project's root, else the config's own."""
    for folder in config.parents:
        if any((folder / mark).exists() for mark in _MARKS):
            return folder
    return config.parent


def make_importable(config: Path) -> None:
    """Append the config's project folder, its own folder and the current one to `sys.path`.

    Appended, so that nothing installed is hidden.
    """
    for folder in (project_folder(config), config.parent, Path.cwd()):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))


def import_custom_modules(cfg: dict[str, Any]) -> list[str]:
    """Import what `custom_imports` names; gives a sentence for each that fails."""
    words = cfg.get('custom_imports') or {}
    names = words.get('imports', ()) if isinstance(words, dict) else words
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list | tuple):
        return [f'imports must be a module name or a list of them, got {names!r}']
    failures = []
    for name in names:
        if not isinstance(name, str):
            failures.append(f'{name!r} is no module name')
            continue
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever a user's module raises is the user's to mend
            failures.append(
                f'importing {name!r} failed: {type(error).__name__}: {error}; looked in the '
                "config's project folder, the config's folder and the current one"
            )
    return failures
