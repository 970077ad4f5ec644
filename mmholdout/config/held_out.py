"""Splits that are the same, or partly the same, by what the config says of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
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


def check_held_out(words: dict[str, Any], problems: Problems, separate: str = '') -> None:
    """No two splits read one list, and the held-out ones drop and shuffle nothing.

    Args:
        words: translated, so that `data_root` is where it will be read.
        problems: is added to.
        separate: what to write where val is test.
    """
    lists: dict[str, list[_List]] = {split: [] for split in SPLITS}
    for split in SPLITS:
        for path, leaf in leaves(words, split):
            lists[split] += _lists(path, leaf)
            if split != 'train':
                _check_keeps_all(leaf, path, problems)
            _check_one_pass(words, split, problems)
        if split != 'train' and section(words, f'{split}_dataloader', 'sampler').get('shuffle'):
            problems.add(
                (f'{split}_dataloader', 'sampler', 'shuffle'),
                'must be False: groups of the validation loss are fixed',
            )
    for pair in combinations(SPLITS, 2):
        for first, second in product(lists[pair[0]], lists[pair[1]]):
            if first.shares_with(second):
                problems.add(
                    (*second.key, 'ann_file'),
                    f'reads {second.file!r}, as {dotted(first.key)} does'
                    + (f' ({first.file!r})' if first.file != second.file else '')
                    + f': {pair[1]} must not be {pair[0]}; {_WHY[pair]}'
                    + (separate if pair == ('val', 'test') else ''),
                )


@dataclass(frozen=True)
class _List:
    """One list that a dataset reads, and what it takes of it."""

    key: KeyPath
    file: str  # as it is written, below its root
    real: str  # absolute, links followed
    indices: Any
    part: tuple[Any, Any, Any]  # start, stop, seed
    split: Any = None  # of a file that names several

    def shares_with(self, other: _List) -> bool:
        """Whether the two may have an image in common."""
        if self.real != other.real or self.split != other.split:
            return False
        if self.indices != other.indices:
            # Counted within a part, so that indices of other parts do not compare.
            return self.part == other.part and _meet(self.indices, other.indices)
        (start, stop, seed), (other_start, other_stop, other_seed) = self.part, other.part
        if seed != other_seed:
            return True
        try:
            return bool(start < other_stop and other_start < stop)
        except TypeError:  # no numbers: said where the dataset is built
            return True


def _lists(path: KeyPath, leaf: dict[str, Any]) -> Iterator[_List]:
    given, root = leaf.get('ann_file'), leaf.get('data_root')
    part = leaf.get('part') if isinstance(leaf.get('part'), dict) else {}
    taken = part.get('start', 0), part.get('stop', 1), part.get('seed', 0)
    for ann_file in given if isinstance(given, list | tuple) else [given]:
        if isinstance(ann_file, str) and ann_file:
            file = Path(root, ann_file) if isinstance(root, str) else Path(ann_file)
            real = os.path.realpath(file)
            yield _List(path, file.as_posix(), real, leaf.get('indices'), taken, leaf.get('split'))


def _meet(first: Any, second: Any) -> bool:
    """Whether two different `indices` of one list surely have an image in common."""
    if first is None or second is None:
        return True
    both = [range(one) if isinstance(one, int) else one for one in (first, second)]
    if not all(isinstance(one, range | list | tuple) for one in both):
        return False
    return bool({i for i in both[0] if i >= 0} & {i for i in both[1] if i >= 0})


def _check_keeps_all(leaf: dict[str, Any], path: KeyPath, problems: Problems) -> None:
    taken = signature(('DATASETS',), leaf.get('type'))
    if taken is not None and 'test_mode' in taken.keywords and leaf.get('test_mode') is not True:
        problems.add(
            (*path, 'test_mode'),
            'must be True: otherwise images without objects would be dropped from the metric',
        )
    if leaf.get('corrupt') == 'skip':
        problems.add(
            (*path, 'corrupt'),
            "must be 'error': a split that is measured is measured whole; mend the images, or take "
            'their ids out of the list',
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
