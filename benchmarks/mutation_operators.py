"""The small mistakes that `mutation.py` puts into the code: from one node of the tree to others."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

# What stands in for what; the first is the neighbour, the second the opposite.
COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.MatMult: ast.Mult,
}
_PAIRS = (
    ('min', 'max'),
    ('minimum', 'maximum'),
    ('fmin', 'fmax'),
    ('argmin', 'argmax'),
    ('any', 'all'),
    ('floor', 'ceil'),
)
SWAPPED = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}

Change = tuple[str, ast.AST]


def changes(node: ast.AST) -> Iterator[Change]:
    """The kinds of mistake and the nodes to put in place of `node`; it stays as it is."""
    for kind in (_expressions, _conditions, _statements):
        yield from kind(node)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _expressions(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            for other in COMPARE[type(op)]:
                yield 'comparison', _with(node, ops=[*node.ops[:i], other(), *node.ops[i + 1 :]])
    elif isinstance(node, ast.BinOp | ast.AugAssign):
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
        if not any(map(_is_text, sides)):  # no sum, and any test sees the TypeError
            yield 'arithmetic', _with(node, op=ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield 'sign or not removed', node.operand
    elif isinstance(node, ast.BoolOp):
        yield 'and/or', _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.Constant):
        yield from _constants(node)
    elif isinstance(node, ast.Slice):
        if node.lower is not None:
            yield 'slice end', _with(node, lower=None)
        if node.upper is not None:
            yield 'slice end', _with(node, upper=None)
    elif isinstance(node, ast.Call):
        func = node.func
        if isinstance(func, ast.Name) and func.id in SWAPPED:
            yield 'swapped call', _with(node, func=_with(func, id=SWAPPED[func.id]))
        elif isinstance(func, ast.Attribute) and func.attr in SWAPPED:
            yield 'swapped call', _with(node, func=_with(func, attr=SWAPPED[func.attr]))


def _constants(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield 'constant', ast.Constant(not value)
    elif isinstance(value, int):
        yield 'constant', ast.Constant(value + 1)
        if value > 1:
            yield 'constant', ast.Constant(value - 1)
    elif isinstance(value, float):
        yield 'constant', ast.Constant(value * 2 if value else 1.0)


def _conditions(node: ast.AST) -> Iterator[Change]:
    """`not` before a condition; a comparison has its opposite already."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        if _worth_a_not(node.test):
            yield 'not', _with(node, test=_not(node.test))
    elif isinstance(node, ast.comprehension):
        for i, test in enumerate(node.ifs):
            if _worth_a_not(test):
                yield 'not', _with(node, ifs=[*node.ifs[:i], _not(test), *node.ifs[i + 1 :]])


def _worth_a_not(test: ast.expr) -> bool:
    if isinstance(test, ast.Compare):
        return len(test.ops) > 1
    return not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not))


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(op=ast.Not(), operand=test)


def _statements(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Return):
        value = node.value
        if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield 'return value', _with(node, value=ast.Constant(None))
    elif isinstance(node, ast.Break):
        yield 'break/continue', ast.Continue()
    elif isinstance(node, ast.Continue):
        yield 'break/continue', ast.Break()
    elif isinstance(node, ast.Raise | ast.AugAssign | ast.Delete):
        yield 'removed', ast.Pass()
    elif isinstance(node, ast.Expr):
        if not isinstance(node.value, ast.Constant):
            yield 'removed', ast.Pass()
    elif isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets
    ):
        # Without a plain name there would only be a NameError, which any test sees.
        yield 'removed', ast.Pass()
