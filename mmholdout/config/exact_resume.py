"""`exact_resume`: whether a run may have parts that cannot be resumed as if uninterrupted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmholdout.config.origin import KeyPath, dotted
from mmholdout.config.problems import Problems, got

# mmdet's own, where a class of the same name here does the same as a function of the position.
REPLACED = ('CachedMosaic', 'CachedMixUp')
_PLACES = ('train_dataloader', 'custom_hooks')


def check_exact_resume(cfg: dict[str, Any], problems: Problems) -> None:
    """A value that is neither True nor False; in exact mode, mmdet's caches."""
    given = cfg.get('exact_resume', True)
    if not isinstance(given, bool):
        problems.add(('exact_resume',), f'must be True or False, got {got(given)}')
    if given is not False:
        for path, name in _inexact(cfg):
            problems.add(
                (*path, 'type'),
                f'{_why(name)}. Write {name!r}, which draws the other images from the data set; '
                'or set exact_resume = False',
            )


def exact_resume_notices(cfg: dict[str, Any]) -> list[str]:
    """With `exact_resume = False`: what makes a resumed run differ."""
    if cfg.get('exact_resume', True) is not False:
        return []
    return [f'exact_resume = False: {dotted(path)}: {_why(name)}' for path, name in _inexact(cfg)]


def _why(name: str) -> str:
    return (
        f"mmdet's {name} mixes in images that its worker has read before, so that a resumed run "
        'differs from an uninterrupted one'
    )


def _inexact(cfg: dict[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    for place in _PLACES:
        yield from _below(cfg.get(place), (place,))


def _below(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        if name := _stock(value.get('type')):
            yield path, name
        for key, inner in value.items():
            yield from _below(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _below(inner, (*path, place))


def _stock(kind: Any) -> str | None:
    """The name where it is mmdet's class, named with its scope or given itself."""
    if isinstance(kind, str):
        scope, _, name = kind.rpartition('.')
    else:
        scope = getattr(kind, '__module__', '').partition('.')[0]
        name = getattr(kind, '__name__', '')
    return name if scope == 'mmdet' and name in REPLACED else None
