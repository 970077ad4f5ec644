"""Splits that are the same, or partly the same, by what the config says of them."""

from __future__ import annotations

import posixpath
from itertools import combinations
from typing import Any

from mmholdout.config.leaves import leaves
from mmholdout.config.origin import KeyPath, dotted
from mmholdout.config.problems import Problems
from mmholdout.config.registries import signature
from mmholdout.config.words import SPLITS, section

_WHY = {
    ('val', 'test'): 'then the test split would choose rate, stop and checkpoint, and its number '
    'would be worth nothing (stock mmdet configs do this: `test_dataloader = val_dataloader`)',
    ('train', 'val'): 'then validation would measure memory, not generalisation',
    ('train', 'test'): 'then the test would measure memory, not generalisation',
}


def check_held_out(words: dict[str, Any], problems: Problems) -> None:
    """No two splits read one list, and the held-out ones drop and shuffle nothing.

    Args:
        words: translated, so that `data_root` is where it will be read.
        problems: is added to.
    """
    lists: dict[str, dict[Any, KeyPath]] = {split: {} for split in SPLITS}
    for split in SPLITS:
        for path, leaf in leaves(words, split):
            lists[split].setdefault(_identity(leaf), path)
            if split != 'train':
                _check_keeps_all(leaf, path, problems)
            _check_one_pass(words, split, problems)
        if split != 'train' and section(words, f'{split}_dataloader', 'sampler').get('shuffle'):
            problems.add(
                (f'{split}_dataloader', 'sampler', 'shuffle'),
                'must be False: groups of the validation loss are fixed',
            )
    for pair in combinations(SPLITS, 2):
        for shared in lists[pair[0]].keys() & lists[pair[1]].keys() - {None}:
            first, second = (lists[split][shared] for split in pair)
            problems.add(
                (*second, 'ann_file'),
                f'reads {shared[0]!r}, as {dotted(first)} does: {pair[1]} must not be {pair[0]}; '
                f'{_WHY[pair]}',
            )


def _identity(leaf: dict[str, Any]) -> tuple[str, str] | None:
    """The list that is read (and which data it selects from), or None if none is named."""
    ann_file = leaf.get('ann_file')
    if not isinstance(ann_file, str) or not ann_file:
        return None
    root = leaf.get('data_root')
    path = posixpath.join(root, ann_file) if isinstance(root, str) else ann_file
    return posixpath.normpath(path), repr(leaf.get('indices'))


def _check_keeps_all(leaf: dict[str, Any], path: KeyPath, problems: Problems) -> None:
    taken = signature(('DATASETS',), leaf.get('type'))
    if taken is not None and 'test_mode' in taken.keywords and leaf.get('test_mode') is not True:
        problems.add(
            (*path, 'test_mode'),
            'must be True: otherwise images without objects would be dropped from the metric',
        )


def _check_one_pass(words: dict[str, Any], split: str, problems: Problems) -> None:
    path = (f'{split}_dataloader', 'dataset')
    dataset = section(words, *path)
    if str(dataset.get('type')).rpartition('.')[2] == 'RepeatDataset':
        problems.add(
            (*path, 'type'),
            f'RepeatDataset(times={dataset.get("times")}) would call that many passes one epoch; '
            'an epoch here is one pass: use the inner dataset and multiply max_epochs',
        )
