"""Which top-level names of a chain are only there for other lines to read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from mmholdout.config.chain import BASE, ConfigFile

_TEMPLATE = re.compile(r'\{\{\s*' + BASE + r'\.(\w+)')


def names_read(chain: Iterable[ConfigFile]) -> frozenset[str]:
    """Names that some line of the chain reads: as `x`, `_base_.x` or `{{_base_.x}}`."""
    read: set[str] = set()
    for file in chain:
        read.update(_TEMPLATE.findall(file.text))
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                read.add(node.id)
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == BASE
            ):
                read.add(node.attr)
    return frozenset(read)
