"""Class names: the same in every dataset, as many as the heads have outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmholdout.config.leaves import leaves
from mmholdout.config.origin import KeyPath, dotted
from mmholdout.config.problems import Problems, got
from mmholdout.config.registries import find, signature
from mmholdout.config.words import SPLITS, section


def class_names(words: dict[str, Any], split: str = 'val') -> tuple[str, ...]:
    """Classes of a split: of its dataset's `metainfo`, else of the dataset's class; else ()."""
    for _, leaf in leaves(words, split):
        return _classes_of(leaf)
    return ()


def _classes_of(leaf: dict[str, Any]) -> tuple[str, ...]:
    classes = section(leaf, 'metainfo').get('classes')
    if classes is None:
        thing = find(('DATASETS',), leaf.get('type'))
        classes = (getattr(thing, 'METAINFO', None) or {}).get('classes', ())
    return tuple(classes) if isinstance(classes, list | tuple) else ()


def check_classes(words: dict[str, Any], problems: Problems) -> None:
    """One list of classes everywhere, and heads that fit it."""
    first: tuple[KeyPath, tuple[str, ...]] | None = None
    for split in SPLITS:
        for path, leaf in leaves(words, split):
            here = (*path, 'metainfo', 'classes')
            given = section(leaf, 'metainfo').get('classes')
            if given is not None and (
                not isinstance(given, list | tuple)
                or not given
                or not all(isinstance(name, str) for name in given)
            ):
                problems.add(here, f"must be a tuple of names such as ('cat',), got {got(given)}")
                continue
            classes = _classes_of(leaf)
            if len(set(classes)) < len(classes):
                problems.add(here, f'has a name twice: {got(classes)}')
            if not classes:
                problems.add(here, "is missing: name the classes, metainfo=dict(classes=('cat',))")
            elif first is None:
                first = here, classes
            elif classes != first[1]:
                problems.add(here, f'is {got(classes)}, but {dotted(first[0])} is {got(first[1])}')
    if first is not None:
        _check_heads(words, first[1], problems)


def _check_heads(words: dict[str, Any], classes: tuple[str, ...], problems: Problems) -> None:
    for path, head in _heads(section(words, 'model'), ('model',)):
        if 'num_classes' in head:
            number = head['num_classes']
        else:
            taken = signature(('MODELS',), head.get('type'))
            number = taken.defaults.get('num_classes') if taken else None
            if number is None:
                continue
        if number != len(classes):
            problems.add(
                (*path, 'num_classes'),
                f'is {got(number)}{"" if "num_classes" in head else " by default"}, but the '
                f'datasets have {len(classes)} classes: {", ".join(classes[:20])}',
            )


def _heads(node: Any, path: KeyPath) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    if isinstance(node, dict):
        if 'bbox_head' in path[-2:] and 'type' in node:
            yield path, node
            return
        for key, inner in node.items():
            yield from _heads(inner, (*path, key))
    elif isinstance(node, list | tuple):
        for i, inner in enumerate(node):
            yield from _heads(inner, (*path, i))
