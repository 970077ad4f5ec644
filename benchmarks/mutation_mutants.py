"""All mutants of a source file, one small change each.

Left alone: docstrings and other text, type hints, decorators, `__all__`, asserts (they state what
cannot happen), imports, and what a `raise` or a warning says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutation_operators import changes

SAID = {'warn', 'debug', 'info', 'warning', 'error', 'exception', 'print'}
LONGEST = 70


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Attributes:
        path: Of the file, from the root, with slashes.
        line: The first line of what changes.
        span: First and last line of the statement it is in, without the body of a compound one.
        number: Tells apart the mutants of a file; stable as long as the file is.
        kind: The operator that made it.
        change: Before and after, short.
        at_import: It acts when the module is imported, not when a function runs.
        source: The whole changed file.
    """

    path: str
    line: int
    span: tuple[int, int]
    number: int
    kind: str
    change: str
    at_import: bool
    source: str


def mutants_of(root: Path, path: str) -> list[Mutant]:
    """The mutants of `root / path`, in the order of its lines."""
    tree = ast.parse((root / path).read_text(encoding='utf-8'))
    before = ast.unparse(tree)
    found = []
    for place, node, at_import in _places(tree, at_import=True):
        for kind, new in changes(node):
            place.put(new)
            source = ast.unparse(tree)
            place.put(node)
            if source == before:
                continue
            span = _span(node) if isinstance(node, ast.stmt) else place.span
            line = getattr(node, 'lineno', span[0])
            change = f'{_short(node)}  ->  {_short(new)}'
            found.append(
                Mutant(path, line, span, len(found), kind, change, at_import, source + '\n')
            )
    assert ast.unparse(tree) == before
    return found


@dataclass(frozen=True)
class _Place:
    parent: ast.AST
    field: str
    index: int | None
    span: tuple[int, int]

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _places(
    parent: ast.AST, *, at_import: bool, span: tuple[int, int] = (1, 1)
) -> Iterator[tuple[_Place, ast.AST, bool]]:
    """Every node that may change, with its place and whether it runs at import."""
    if isinstance(parent, ast.stmt):
        span = _span(parent)
    for field, value in ast.iter_fields(parent):
        if _is_left_alone(parent, field):
            continue
        inside = at_import and not (
            isinstance(parent, ast.FunctionDef | ast.Lambda) and field == 'body'
        )
        for index, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(node, ast.AST) or _is_no_code(node):
                continue
            yield _Place(parent, field, index, span), node, inside
            yield from _places(node, at_import=inside, span=span)


def _span(statement: ast.stmt) -> tuple[int, int]:
    body = getattr(statement, 'body', None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return statement.lineno, max(last, statement.lineno)


def _is_left_alone(parent: ast.AST, field: str) -> bool:
    if field in ('annotation', 'returns', 'decorator_list', 'bases', 'type_params'):
        return True
    if isinstance(parent, ast.Raise):
        return True
    # A warning or a print may go away as a whole; what it says may not change.
    return isinstance(parent, ast.Call) and field != 'func' and _name(parent.func) in SAID


def _is_no_code(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Assert | ast.expr_context):
        return True
    if isinstance(node, ast.If) and _name(node.test) == 'TYPE_CHECKING':
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    return isinstance(node, ast.Assign) and any(_name(t) == '__all__' for t in node.targets)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ''


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.comprehension):
        text = ' '.join(f'if {ast.unparse(test)}' for test in node.ifs)
    elif isinstance(node, ast.If | ast.While):
        word = 'if' if isinstance(node, ast.If) else 'while'
        text = f'{word} {ast.unparse(node.test)}:'
    else:
        text = ast.unparse(node).split('\n')[0]
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + '…'
