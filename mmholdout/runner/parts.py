"""From translated words to datasets and loaders of one split each."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mmengine.registry import DefaultScope
from torch.utils.data import DataLoader

from mmholdout.datasets.loader import build_loader
from mmholdout.datasets.slice import Slice
from mmholdout.errors import ConfigError
from mmholdout.registry import DATASETS

Words = dict[str, Any]


def without_test(words: Words) -> Words:
    """The same words without anything that names the test split."""
    return {k: v for k, v in words.items() if not k.startswith('test_')}


def build_dataset(config: Words) -> Any:
    """Build in our scope, so that a type is looked up here first and in mmdet next."""
    what = f'dataset {config.get("type")!r}'
    with DefaultScope.overwrite_default_scope('mmholdout'), as_config_errors(what):
        dataset = DATASETS.build(copy.deepcopy(config))
        if hasattr(dataset, 'full_init'):
            dataset.full_init()
    return dataset


@contextmanager
def as_config_errors(what: str) -> Iterator[None]:
    """What a class says to its arguments is said to the user, who wrote them in the config.

    mmdet's classes check their arguments by assert, TypeError and KeyError.
    """
    try:
        yield
    except (TypeError, ValueError, AssertionError, KeyError) as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        said = ' '.join(str(error).split()) or 'an assertion without words'
        raise ConfigError(
            f'{what} cannot be built from the config: {type(error).__name__}: {said} '
            f'({Path(place.filename).name}, line {place.lineno}: {place.line})'
        ) from error


def build_split(words: Words, split: str, *, seed: int) -> DataLoader:
    """The loader of 'train', 'val' or 'test'; its dataset has been read and checked."""
    config = copy.deepcopy(words[f'{split}_dataloader'])
    config['dataset'] = build_dataset(config['dataset'])
    return build_loader(config, seed=seed, train=split == 'train')


def build_train_eval(words: Words, count: int, *, seed: int) -> DataLoader | None:
    """The fixed slice of the training split, read through the val pipeline; None for count 0."""
    if not count:
        return None
    config = copy.deepcopy(words['val_dataloader'])
    pipeline = innermost(config['dataset'])['pipeline']
    dataset = _unmixed(copy.deepcopy(words['train_dataloader']['dataset']))
    for leaf in leaves(dataset):
        leaf['pipeline'] = copy.deepcopy(pipeline)
        leaf['test_mode'] = True
        leaf.pop('filter_cfg', None)
    config['dataset'] = Slice(build_dataset(dataset), count)
    return build_loader(config, seed=seed, train=False)


def _unmixed(dataset: Words) -> Words:
    """Without wrappers that have a pipeline of their own, which mosaics and mixes images."""
    if 'pipeline' in dataset and isinstance(dataset.get('dataset'), dict):
        return _unmixed(dataset['dataset'])
    inner = {k: v for k, v in dataset.items() if k in ('dataset', 'datasets') and v}
    for key, value in inner.items():
        many = isinstance(value, list | tuple)
        dataset[key] = [_unmixed(one) for one in value] if many else _unmixed(value)
    return dataset


def leaves(dataset: Words) -> list[Words]:
    """The configs that read files, below wrappers such as ConcatDataset."""
    inner = dataset.get('dataset') or dataset.get('datasets')
    if inner is None:
        return [dataset]
    wrapped = inner if isinstance(inner, list | tuple) else [inner]
    return [leaf for one in wrapped for leaf in leaves(one)]


def innermost(dataset: Words) -> Words:
    """The first config that reads files."""
    return leaves(dataset)[0]


def reports_of(dataset: Any) -> list[str]:
    """What the readers of a dataset have to say, also below wrappers; empty where all is well."""
    if hasattr(dataset, 'report'):
        text = dataset.report.text()
        return [text] if text else []
    inner = getattr(dataset, 'datasets', None) or [getattr(dataset, 'dataset', None)]
    return [text for one in inner if one is not None for text in reports_of(one)]
