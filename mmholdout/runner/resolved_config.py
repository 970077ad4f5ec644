"""The resolved config in a run folder: read without running it, and named by its digest."""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path
from typing import Any

from mmholdout.errors import ConfigError
from mmholdout.runner.parts import Words
from mmholdout.runner.state import plain


def config_digest(words: Words) -> str:
    """SHA-256 of a translated config, as the ledger has it."""
    return hashlib.sha256(json.dumps(plain(words), sort_keys=True).encode()).hexdigest()


def read_resolved(path: Path) -> dict[str, Any]:
    """What `config.dump` wrote: top-level assignments of literals.

    Raises:
        ConfigError: missing, or anything else than that; nothing in it is executed.
    """
    try:
        tree = ast.parse(path.read_bytes())
        cfg = {}
        for node in tree.body:
            if not isinstance(node, ast.Assign) or len(node.targets) != 1:
                raise ValueError(f'line {node.lineno} is no assignment')
            target = node.targets[0]
            if not isinstance(target, ast.Name):
                raise ValueError(f'line {node.lineno} assigns to no plain name')
            cfg[target.id] = ast.literal_eval(node.value)
    except FileNotFoundError:
        raise ConfigError(f'there is no {path}') from None
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError, TypeError) as error:
        raise ConfigError(f'{path} is not a resolved config: {error}') from error
    return cfg
