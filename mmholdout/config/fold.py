"""`fold`: the lists of one fold in the place of those of train and val."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from mmholdout.config.leaves import leaves
from mmholdout.config.origin import KeyPath
from mmholdout.config.problems import Problems, got
from mmholdout.config.words import section

HELD_IN_FOLDS = ('train', 'val')


def fold_list(fold: int, split: str) -> str:
    """The name of a list: 'fold0_train.txt'."""
    return f'fold{fold}_{split}.txt'


def in_fold(leaf: dict[str, Any], split: str, fold: Any) -> None:
    """Put the fold's list in the place of each of a dataset's lists, in the same folder.

    Args:
        leaf: words of a dataset that reads files; changed.
        split: the test split stays as it is, whatever the fold.
        fold: its number; None for none. One that cannot be is left to `check_fold`.
    """
    if split not in HELD_IN_FOLDS or not _is_number(fold):
        return
    given = leaf.get('ann_file')
    if isinstance(given, str) and given:
        leaf['ann_file'] = _of_fold(given, split, fold)
    elif isinstance(given, list | tuple):
        leaf['ann_file'] = type(given)(
            _of_fold(one, split, fold) if isinstance(one, str) and one else one for one in given
        )


def check_fold(cfg: dict[str, Any], problems: Problems) -> None:
    """The number, and lists that can be exchanged for those of a fold."""
    fold = cfg.get('fold')
    if fold is None:
        return
    if not _is_number(fold):
        problems.add(('fold',), f'must be the number of a fold, from 0, or None, got {got(fold)}')
        return
    for split in HELD_IN_FOLDS:
        for path, leaf in leaves(cfg, split):
            _check_leaf(path, leaf, problems)
    if section(cfg, 'train_dataloader').get('dataset') and not any(leaves(cfg, 'val')):
        problems.add(('fold',), 'needs a val split, whose list it can take the place of')


def _check_leaf(path: KeyPath, leaf: dict[str, Any], problems: Problems) -> None:
    given = leaf.get('ann_file')
    lists = given if isinstance(given, list | tuple) else [given]
    if not all(isinstance(one, str) and one.endswith('.txt') for one in lists):
        problems.add(
            (*path, 'ann_file'),
            'fold needs lists of ids (*.txt), whose place those of the fold take; '
            f'got {got(given)}',
        )
    elif len({PurePosixPath(one).parent for one in lists}) < len(lists):
        problems.add(
            (*path, 'ann_file'),
            f'a fold has one list in a folder, but several of these are in one: {got(given)}',
        )
    for key in ('part', 'indices'):
        if leaf.get(key) is not None:
            problems.add(
                (*path, key),
                f'takes a part of a list, but a fold is a whole list; set {key}=None with fold',
            )


def _of_fold(name: str, split: str, fold: int) -> str:
    return str(PurePosixPath(name.replace('\\', '/')).with_name(fold_list(fold, split)))


def _is_number(fold: Any) -> bool:
    return isinstance(fold, int) and not isinstance(fold, bool) and fold >= 0
