"""Where each key of a merged config was written."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmholdout.config.chain import BASE, ConfigFile, shown

Key = str | int
KeyPath = tuple[Key, ...]
COMMAND_LINE = '--cfg-options'


def dotted(path: Sequence[Key]) -> str:
    """('custom_hooks', 0, 'patience') -> 'custom_hooks.0.patience'."""
    return '.'.join(str(key) for key in path)


@dataclass(frozen=True)
class Origin:
    """A line of a file, or the command line (`file` None).

    Attributes:
        rank: position of the file in the merge; a higher one overwrites.
        stock: whether the file came with an installed package.
    """

    file: Path | None
    line: int = 0
    rank: int = 1 << 30
    stock: bool = False

    def __str__(self) -> str:
        return COMMAND_LINE if self.file is None else f'{shown(self.file)}:{self.line}'


class Origins:
    """A look-up from key path to the line that wrote it last."""

    def __init__(self, table: dict[KeyPath, Origin] | None = None) -> None:
        self.table = dict(table or {})

    def of(self, path: Sequence[Key]) -> Origin | None:
        """The line of the path, or of the nearest thing around it that has one."""
        for end in range(len(path), 0, -1):
            if tuple(path[:end]) in self.table:
                return self.table[tuple(path[:end])]
        return None

    def exact(self, path: Sequence[Key]) -> Origin | None:
        """The line of just this path."""
        return self.table.get(tuple(path))

    def overwritten(self, path: Sequence[Key], value: object) -> None:
        """Note that the command line set `path`."""
        _forget_below(self.table, tuple(path))
        self.table[tuple(path)] = Origin(None)
        if isinstance(value, dict):
            for key in value:
                self.table[(*path, key)] = Origin(None)

    def moved(self, old: KeyPath, new: KeyPath) -> None:
        """Give `new`, and what is below it, the lines of `old`, which stay."""
        lines = {p: o for p, o in self.table.items() if p[: len(old)] == old}
        nearest = self.of(old)
        _forget_below(self.table, new)
        if nearest is not None:
            self.table[new] = nearest
        for path, origin in lines.items():
            self.table[new + path[len(old) :]] = origin


def trace(chain: Sequence[ConfigFile]) -> Origins:
    """Follow the assignments of a chain, bases first, as the merge does.

    A name used in a value leads to the lines on which that name was built; what only running the
    file could tell keeps the line of the assignment.
    """
    merged: dict[KeyPath, Origin] = {}
    for rank, file in enumerate(chain):
        _Tracer(file, rank, merged).run()
    return Origins(merged)


class _Tracer:
    """Writes the origins of one file over those of its bases."""

    def __init__(self, file: ConfigFile, rank: int, table: dict[KeyPath, Origin]) -> None:
        self.file = file
        self.rank = rank
        self.table = table
        self.inherited = dict(table)
        self.names: dict[str, ast.expr] = {}

    def run(self) -> None:
        for statement in _statements(self.file.tree.body):
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    self.assign(target, statement.value)
            elif isinstance(statement, ast.AnnAssign | ast.AugAssign) and statement.value:
                self.assign(statement.target, statement.value)

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        path = _target_path(target)
        if path is None or path[0] == BASE:
            return
        self.value(value, path, target.lineno, frozenset())
        if isinstance(target, ast.Name):
            self.names[target.id] = value

    def value(self, node: ast.expr, path: KeyPath, line: int, seen: frozenset[str]) -> None:
        pairs = _pairs(node)
        if isinstance(node, ast.Name) and node.id in self.names and node.id not in seen:
            self.value(self.names[node.id], path, line, seen | {node.id})
        elif (source := _base_reference(node)) is not None:
            _forget_below(self.table, path)
            for old, origin in self.inherited.items():
                if old[: len(source)] == source:
                    self.table[path + old[len(source) :]] = origin
        elif pairs is None or any(key == '_delete_' for key, _, _ in pairs):
            _forget_below(self.table, path)
        self.table[path] = Origin(self.file.path, line, self.rank, self.file.stock)
        if isinstance(node, ast.List | ast.Tuple):
            pairs = [(i, item, item.lineno) for i, item in enumerate(node.elts)]
        for key, item, item_line in pairs or ():
            if key is None:  # dict(**base)
                self.value(item, path, line, seen)
            elif key != '_delete_':
                self.value(item, (*path, key), item_line, seen)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.For | ast.With | ast.While | ast.Try):
            inner = ast.iter_child_nodes(statement)
            yield from _statements([node for node in inner if isinstance(node, ast.stmt)])


def _pairs(node: ast.expr) -> list[tuple[Key | None, ast.expr, int]] | None:
    """The items of a dict display or a `dict(...)` call; None for anything else."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == 'dict':
        return [(k.arg, k.value, k.lineno) for k in node.keywords]
    if isinstance(node, ast.Dict):
        return [
            (_constant(k), v, (k or v).lineno)
            for k, v in zip(node.keys, node.values)
            if k is None or _constant(k) is not None
        ]
    return None


def _base_reference(node: ast.expr) -> KeyPath | None:
    """`_base_.a.b` or `{{_base_.a.b}}` as ('a', 'b')."""
    while isinstance(node, ast.Set) and len(node.elts) == 1:
        node = node.elts[0]
    path = _target_path(node)
    return path[1:] if path and path[0] == BASE and len(path) > 1 else None


def _target_path(node: ast.expr) -> KeyPath | None:
    """`a`, `a['b']`, `a.b`, `a[0]` as a key path."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        inner = _target_path(node.value)
        return (*inner, node.attr) if inner else None
    if isinstance(node, ast.Subscript) and (key := _constant(node.slice)) is not None:
        inner = _target_path(node.value)
        return (*inner, key) if inner else None
    return None


def _constant(node: ast.expr | None) -> Key | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str | int) else None


def _forget_below(table: dict[KeyPath, Origin], path: KeyPath) -> None:
    for old in [p for p in table if len(p) > len(path) and p[: len(path)] == path]:
        del table[old]
