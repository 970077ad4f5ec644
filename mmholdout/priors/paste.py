"""Lines for a child config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WIDTH = 96


def paste_block(head: str, arguments: Mapping[str, Any]) -> str:
    """`model = dict(<head>=dict(anchor_generator=dict(...)))`, formatted, valid Python.

    Args:
        head: 'bbox_head' or 'rpn_head'.
        arguments: of the generator; names, strings, numbers and lists of them.
    """
    lines = ['model = dict(', f'    {head}=dict(', '        anchor_generator=dict(']
    for name, value in arguments.items():
        lines += _argument(name, value)
    return '\n'.join([*lines, '        )', '    )', ')']) + '\n'


def _argument(name: str, value: Any) -> list[str]:
    indent = ' ' * 12
    line = f'{indent}{name}={value!r},'
    if len(line) <= _WIDTH or not isinstance(value, list):
        return [line]
    return [f'{indent}{name}=[', *(f'{indent}    {item!r},' for item in value), f'{indent}],']
