"""Every `dict(type=...)`: is the type known, and does its class take the keywords?"""

from __future__ import annotations

from typing import Any

from mmholdout.config.origin import KeyPath, dotted
from mmholdout.config.places import (
    NMS_KEYS,
    NMS_TYPES,
    extra_keys,
    is_nms,
    registries_at,
)
from mmholdout.config.problems import Problems, got
from mmholdout.config.registries import known, signature
from mmholdout.config.signatures import Signature
from mmholdout.errors import did_you_mean

# These are built from a `type` and nothing else.
_NEED_TYPE = ('model', 'dataset', 'datasets', 'pipeline', 'custom_hooks', 'optimizer')
_FOREIGN_INSIDE = ('Albu',)  # types of albumentations below it


def check_typed(cfg: dict[str, Any], problems: Problems, said: set[KeyPath]) -> None:
    """Walk the whole config.

    Args:
        cfg: the user's words.
        problems: is added to.
        said: key paths that have had their message.
    """
    _walk(cfg, (), problems, said)


def _walk(value: Any, path: KeyPath, problems: Problems, said: set[KeyPath]) -> None:
    if isinstance(value, dict):
        if path:
            _check(value, path, problems, said)
        if str(value.get('type')).rpartition('.')[2] in _FOREIGN_INSIDE:
            return
        for key, inner in value.items():
            _walk(inner, (*path, key), problems, said)
    elif isinstance(value, list | tuple):
        for i, inner in enumerate(value):
            _walk(inner, (*path, i), problems, said)


def _check(value: dict[str, Any], path: KeyPath, problems: Problems, said: set[KeyPath]) -> None:
    if is_nms(path):
        _check_nms(value, path, problems)
        return
    registries = registries_at(path)
    if registries is None:
        return
    if 'type' not in value:
        names = [key for key in path if isinstance(key, str)]
        if names[-1] in _NEED_TYPE and not (names[-1] == 'pipeline' and path[-1] == 'pipeline'):
            problems.add(path, f'has no type; got {got(value)}')
        return
    known_as = signature(registries, value['type'])
    if known_as is None:
        kinds = ' or '.join(r.lower().rstrip('s').replace('_', ' ') for r in registries)
        listed = known(registries)
        near = did_you_mean(str(value['type']), listed)
        text = f'there is no {kinds} {value["type"]!r}.{near}'
        if not near or len(listed) <= _FEW:
            text += f' Known: {", ".join(listed[:60])}{", ..." if len(listed) > 60 else ""}'
        problems.add((*path, 'type'), text)
        return
    _check_keywords(value, path, known_as, problems, said)


def _check_keywords(
    value: dict[str, Any],
    path: KeyPath,
    known_as: Signature,
    problems: Problems,
    said: set[KeyPath],
) -> None:
    taken = known_as.keywords | extra_keys(path) | {'type'}
    if known_as.open:
        return
    foreign = [key for key in value if key not in taken and (*path, key) not in said]
    stale = [key for key in foreign if _inherited(path, key, problems)]
    if stale:
        said.update((*path, key) for key in stale)
        origin = problems.origins.exact((*path, stale[0]))
        problems.add(
            (*path, 'type'),
            f'is changed to {known_as.name!r}, which does not take the inherited '
            f'{", ".join(map(repr, stale))} ({origin}); write {dotted(path)}=dict(_delete_=True, '
            f'type={value["type"]!r}, ...) to start afresh',
        )
    for key in foreign:
        if key not in stale:
            problems.unknown(
                (*path, key),
                f'{known_as.name} does not take {key!r}',
                (known_as.keywords | extra_keys(path)) - _BUILDERS,
            )


_FEW = 20
_BUILDERS = frozenset({'runner', 'dataloader', 'evaluator', 'params', 'optimizer_cfg'})


def _inherited(path: KeyPath, key: str, problems: Problems) -> bool:
    """Whether a file further down the chain than that of the `type` beside it wrote `key`."""
    type_origin = problems.origins.exact((*path, 'type'))
    key_origin = problems.origins.exact((*path, key))
    return bool(type_origin and key_origin and key_origin.rank < type_origin.rank)


def _check_nms(value: dict[str, Any], path: KeyPath, problems: Problems) -> None:
    kind = value.get('type')
    if kind not in NMS_TYPES:
        problems.unknown((*path, str(kind)), f'there is no NMS of type {kind!r}', NMS_TYPES)
    for key in value:
        if key not in NMS_KEYS:
            problems.unknown((*path, key), f'NMS does not take {key!r}', NMS_KEYS)
