"""Registered names of a package, found in its source without importing it.

Importing all of mmdet's models takes longer than everything else a check does.
"""

from __future__ import annotations

import functools
import importlib.util
import re
from pathlib import Path
from typing import NamedTuple

_DECORATED = re.compile(
    r'^@(?P<registry>[A-Z_]+)\.register_module\((?P<arguments>[^)]*)\)\s*\n'
    r'(?:@[^\n]*\n)*(?:class|def) +(?P<defined>\w+)',
    re.MULTILINE,
)
_QUOTED = re.compile(r"""['"]([\w.]+)['"]""")


class Place(NamedTuple):
    """Where a registered class or function is defined."""

    file: Path
    name: str


@functools.cache
def registered_in(package: str) -> dict[tuple[str, str], Place]:
    """(registry, registered name) -> where it is defined; only what decorators register.

    Args:
        package: such as 'mmdet.models'; its parent is imported, itself is not.
    """
    found: dict[tuple[str, str], Place] = {}
    for file in _files(package):
        text = file.read_text(encoding='utf-8')
        if 'register_module' not in text:
            continue
        for match in _DECORATED.finditer(text):
            names = _QUOTED.findall(match['arguments']) or [match['defined']]
            for name in names:
                found[match['registry'], name] = Place(file, match['defined'])
    return found


def module_file(module: str) -> Path | None:
    """The source of a module or of a package's `__init__`."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith('.py') else None


def _files(package: str) -> list[Path]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    folders = spec.submodule_search_locations if spec else None
    return sorted(Path(folders[0]).rglob('*.py')) if folders else []
