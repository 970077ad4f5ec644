"""Which keywords a class takes, read from its source along its bases."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mmholdout.config.signatures import Signature, handed_on
from mmholdout.config.source_index import Place


class _UnreadableError(Exception):
    """A base that reading does not lead to."""


def read_signature(place: Place) -> Signature | None:
    """The same as `signature_of` of the imported class; None where reading is not enough."""
    try:
        node = _definition(place.file, place.name)
        if isinstance(node, ast.FunctionDef):
            functions = iter([('', node)])
        else:
            functions = _initialisers(node, place.file)
        return _combine(place.name, functions)
    except _UnreadableError:
        return None


def _combine(name: str, functions: Iterator[tuple[str, ast.FunctionDef]]) -> Signature:
    keywords: set[str] = set()
    defaults: dict[str, Any] = {}
    is_open = False
    for owner, function in functions:
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = [
            *zip(reversed(positional), reversed(arguments.defaults)),
            *zip(arguments.kwonlyargs, arguments.kw_defaults),
        ]
        for argument, default in pairs:
            if default is not None and argument.arg not in keywords:
                try:
                    defaults[argument.arg] = ast.literal_eval(default)
                except ValueError:
                    defaults[argument.arg] = ...
        keywords.update(a.arg for a in (*arguments.args, *arguments.kwonlyargs))
        if arguments.kwarg is None:
            break
        popped = handed_on(function, arguments.kwarg.arg, owner)
        if popped is None:
            is_open = True
            break
        keywords |= popped
    return Signature(name, frozenset(keywords) - {'self'}, defaults, is_open)


def _initialisers(node: ast.ClassDef, file: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Class name and `__init__` of the class and of its bases, nearest first."""
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == '__init__':
            yield node.name, statement
    for base in node.bases:
        if ast.unparse(base) in ('object', 'ABC', 'nn.Module', 'Module', 'Dataset', 'Sampler'):
            continue
        if not isinstance(base, ast.Name):
            raise _UnreadableError
        yield from _initialisers(*_resolve(base.id, file))


def _resolve(name: str, file: Path, depth: int = 0) -> tuple[ast.ClassDef, Path]:
    """The class that a name means in a file, through imports and packages' `__init__`."""
    if depth > 8:
        raise _UnreadableError
    for node in _tree(file).body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node, file
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    source = _source_of(node, file)
                    return _resolve(alias.name, source, depth + 1)
    raise _UnreadableError


def _source_of(node: ast.ImportFrom, file: Path) -> Path:
    """The file that `from X import ...` reads."""
    if node.level:
        folder = file.parents[node.level - 1]
    else:
        package, _, rest = (node.module or '').partition('.')
        from mmholdout.config.source_index import module_file

        init = module_file(package)
        if init is None:
            raise _UnreadableError
        folder, node = init.parent, ast.ImportFrom(rest, node.names, 1)
    target = folder.joinpath(*(node.module or '').split('.')) if node.module else folder
    for candidate in (target.with_suffix('.py'), target / '__init__.py'):
        if candidate.is_file():
            return candidate
    raise _UnreadableError


def _definition(file: Path, name: str) -> ast.ClassDef | ast.FunctionDef:
    for node in _tree(file).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            return node
    raise _UnreadableError


@functools.cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding='utf-8'))
