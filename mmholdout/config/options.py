"""`--cfg-options key=value`: parsed without evaluating anything, applied in place of the file."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mmholdout.config.origin import COMMAND_LINE, Key, KeyPath, dotted
from mmholdout.config.words import SECTIONS, TOP_LEVEL
from mmholdout.errors import ConfigError, did_you_mean

_WORDS = {'true': True, 'false': False, 'none': None, 'null': None}


def parse_options(options: Mapping[str, Any] | Iterable[str]) -> dict[str, Any]:
    """Dotted keys and values; a mapping's values are taken as they are.

    Values are Python literals, lists written without quotes (`a,b` or `[a,b]`), or else strings.

    Raises:
        ConfigError: an item without '=' or without a key.
    """
    if isinstance(options, Mapping):
        return dict(options)
    parsed = {}
    for option in options:
        key, separator, value = option.partition('=')
        if not separator or not key.strip():
            raise ConfigError(
                f'{COMMAND_LINE} {option!r} is not of the form key=value, '
                'for example evaluation.interval=2'
            )
        parsed[key.strip()] = parse_value(value)
    return parsed


def parse_value(text: str) -> Any:
    """'3' -> 3, '[1, 2]' -> [1, 2], '1,2' -> [1, 2], '[a,b]' -> ['a', 'b'], 'true' -> True."""
    text = text.strip()
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        value = text
    else:
        return list(value) if isinstance(value, tuple) and not text.startswith('(') else value
    brackets = text[:1] + text[-1:]
    if brackets in ('[]', '()'):
        items = [parse_value(item) for item in _split(text[1:-1])]
        return items if brackets == '[]' else tuple(items)
    parts = _split(text)
    return [parse_value(part) for part in parts] if len(parts) > 1 else text


def _split(text: str) -> list[str]:
    """At the commas that stand outside brackets and quotes."""
    parts, depth, quote = [''], 0, ''
    for char in text:
        if quote:
            quote = '' if char == quote else quote
        elif char in '\'"':
            quote = char
        depth += (char in '([{') - (char in ')]}') if not quote else 0
        if char == ',' and not depth and not quote:
            parts.append('')
        else:
            parts[-1] += char
    return [part for part in (p.strip() for p in parts) if part]


def apply_options(
    cfg: dict[str, Any], options: Mapping[str, Any], variables: Iterable[str]
) -> tuple[dict[str, Any], list[KeyPath]]:
    """A copy of `cfg` with the options set, and the key paths that were set.

    Raises:
        ConfigError: paths that lead nowhere, all at once. A new key below a dict that has a
            `type` or is a known section is left to the check, which knows what that takes.
    """
    cfg = copy.deepcopy(cfg)
    problems: list[str] = []
    paths: list[KeyPath] = []
    for key, value in options.items():
        try:
            paths.append(_set(cfg, key.split('.'), copy.deepcopy(value), tuple(variables)))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return cfg, paths


def _set(cfg: dict[str, Any], keys: Sequence[str], value: Any, variables: Sequence[str]) -> KeyPath:
    if keys[0] in variables:
        raise ConfigError(
            f'{COMMAND_LINE} {dotted(keys)}: {keys[0]!r} is a variable of the config, used up '
            'when the file was read; set the keys that it went into'
        )
    node: Any = cfg
    path: list[Key] = []
    made = False  # a dict on the way is new: whether it may be there is for the check to say
    for depth, key in enumerate(keys):
        last = depth == len(keys) - 1
        step: Key = key
        if isinstance(node, dict):
            if key not in node and not made and not _may_add(node, path, key):
                _refuse(keys, path, key, TOP_LEVEL | set(cfg) if not path else node)
            if not last:
                made = made or key not in node
                child = node.setdefault(key, {})
        elif isinstance(node, list | tuple):
            if not key.isdigit() or int(key) >= len(node):
                _refuse(keys, path, key, [str(i) for i in range(len(node))])
            step = int(key)
            child = node[step]
        else:
            raise ConfigError(
                f'{COMMAND_LINE} {dotted(keys)}: {dotted(path)} is {node!r}, with nothing below it'
            )
        path.append(step)
        if not last:
            if isinstance(child, tuple):  # nothing in a tuple can be set
                child = node[step] = list(child)
            node = child
    if isinstance(node, tuple):
        raise ConfigError(f'{COMMAND_LINE} {dotted(keys)}: {dotted(path[:-1])} is no list')
    node[path[-1]] = value
    return tuple(path)


def _may_add(node: dict[str, Any], path: Sequence[Key], key: str) -> bool:
    if not path:
        return key in TOP_LEVEL
    section = tuple(str(p) for p in path)
    return 'type' in node or section in SECTIONS or len(path) == 1


def _refuse(keys: Sequence[str], path: Sequence[Key], key: str, known: Iterable[Any]) -> None:
    listed = sorted(str(k) for k in known)
    where = f'{dotted(path)} has no' if path else 'there is no top-level'
    raise ConfigError(
        f'{COMMAND_LINE} {dotted(keys)}: {where} {key!r}.{did_you_mean(key, listed)} '
        f'Known: {", ".join(listed) or "none"}'
    )
