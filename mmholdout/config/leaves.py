"""The dataset configs that read files, below wrappers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmholdout.config.origin import KeyPath
from mmholdout.config.words import section


def leaves(cfg: dict[str, Any], split: str) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    """Key path and config of each dataset of a split that wraps no other."""
    loader = f'{split}_dataloader'
    yield from _below((loader, 'dataset'), section(cfg, loader).get('dataset'))


def _below(path: KeyPath, dataset: Any) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
    if not isinstance(dataset, dict):
        return
    inner = dataset.get('datasets')
    if isinstance(inner, list | tuple):
        for i, one in enumerate(inner):
            yield from _below((*path, 'datasets', i), one)
    elif isinstance(dataset.get('dataset'), dict):
        yield from _below((*path, 'dataset'), dataset['dataset'])
    else:
        yield path, dataset
