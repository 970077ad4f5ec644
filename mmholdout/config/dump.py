"""The resolved config as a file that loads to the same."""

from __future__ import annotations

import ast
from pathlib import Path
from pprint import pformat
from typing import Any

from mmholdout.errors import ConfigError


def dump(cfg: dict[str, Any], path: str | Path) -> None:
    """Write `cfg` as a Python file without bases and variables.

    Raises:
        ConfigError: a value has no literal form (a class or an object); nothing is written.
    """
    Path(path).write_text(dumps(cfg), encoding='utf-8')


def read_dump(path: str | Path) -> dict[str, Any]:
    """What `dump` wrote: top-level assignments of literals.

    Raises:
        ConfigError: missing, or anything else than that; nothing in it is executed.
    """
    try:
        tree = ast.parse(Path(path).read_bytes())
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


def dumps(cfg: dict[str, Any]) -> str:
    """The text that `dump` writes: one assignment for each top-level key."""
    lines = ['# The resolved config of a run: all bases and --cfg-options applied.']
    for key, value in cfg.items():
        text = pformat(value, width=96, sort_dicts=False)
        try:
            same = ast.literal_eval(text) == value
        except (ValueError, SyntaxError):
            same = False
        if not same:
            raise ConfigError(
                f'{key} cannot be written to a config file: it holds something other than '
                f'numbers, strings, lists, tuples and dicts: {text[:200]}'
            )
        lines.append(f'{key} = {text}')
    return '\n'.join(lines) + '\n'
