"""Which keywords a class takes, also through `**kwargs`."""

from __future__ import annotations

import ast
import inspect
import textwrap
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Signature:
    """The keywords of a class or function.

    Attributes:
        name: of the class.
        keywords: what it takes by name.
        defaults: of those that have one.
        open: whether it takes any keyword, as far as reading can tell.
    """

    name: str
    keywords: frozenset[str]
    defaults: dict[str, Any]
    open: bool = False


def signature_of(thing: Any) -> Signature:
    """Follow `**kwargs` along the MRO to where it ends.

    A class that does something of its own with `**kwargs` (does not hand it to
    `super().__init__`) takes any keyword.
    """
    name = getattr(thing, '__name__', str(thing))
    if not inspect.isclass(thing):
        return _of_functions(name, [thing])
    initialisers = [vars(c)['__init__'] for c in thing.__mro__[:-1] if '__init__' in vars(c)]
    return _of_functions(name, initialisers)


def _of_functions(name: str, functions: list[Any]) -> Signature:
    keywords: dict[str, Any] = {}
    for function in functions:
        try:
            parameters = list(inspect.signature(function).parameters.values())
        except (TypeError, ValueError):  # built-in without a signature
            return Signature(name, frozenset(keywords), _given(keywords), open=True)
        for parameter in parameters:
            if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                keywords.setdefault(parameter.name, parameter.default)
        rest = next((p.name for p in parameters if p.kind is p.VAR_KEYWORD), None)
        if rest is None:
            return Signature(name, frozenset(keywords) - {'self'}, _given(keywords))
        popped = _handed_on_by(function, rest)
        if popped is None:
            return Signature(name, frozenset(keywords) - {'self'}, _given(keywords), open=True)
        keywords.update({key: inspect.Parameter.empty for key in popped if key not in keywords})
    # `**kwargs` reached `object` (or a function's end), which takes none.
    return Signature(name, frozenset(keywords) - {'self'}, _given(keywords))


def _given(keywords: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in keywords.items() if v is not inspect.Parameter.empty}


def _handed_on_by(function: Any, rest: str) -> set[str] | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return None
    owner = function.__qualname__.rpartition('.')[0].rpartition('.')[2]
    return handed_on(tree, rest, owner)


def handed_on(tree: ast.AST, rest: str, owner: str) -> set[str] | None:
    """Keys taken out of `**rest` before it goes to the next class; None if it does not go there.

    Args:
        tree: of an `__init__`.
        rest: name of its `**` argument.
        owner: name of its class; `super(Another, self)` skips classes and is not followed.
    """
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    skipping = {
        ast.unparse(call)
        for call in calls
        if ast.unparse(call.func) == 'super' and call.args and ast.unparse(call.args[0]) != owner
    }
    handed = any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr == '__init__'
        and ast.unparse(call.func.value) not in skipping
        and any(k.arg is None and ast.unparse(k.value) == rest for k in call.keywords)
        for call in calls
    )
    if not handed:
        return None
    return {
        str(call.args[0].value)
        for call in calls
        if ast.unparse(call.func) in (f'{rest}.pop', f'{rest}.get')
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
