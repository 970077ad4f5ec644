"""K folds over train and val of a folder in VOC layout, beside one test list that is fixed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmholdout.datasets.voc_lists import read_ids
from mmholdout.errors import ConfigError, DataError
from mmholdout.history.atomic import write_text
from mmholdout.runner.fold_lists import lists_of_folds, write_folds
from mmholdout.runner.split_folder import (
    LISTS,
    Progress,
    annotated,
    kept_together,
    refuse_lists,
)
from mmholdout.splits.draw_split import DrawnSplits, draw_split
from mmholdout.splits.duplicate_report import DuplicateReport
from mmholdout.splits.groups import shared_groups
from mmholdout.splits.listed import listed

TEST_SHARE = 0.15
_REST = 'the folds'


@dataclass(frozen=True)
class FoldFolder:
    """What was drawn.

    Attributes:
        folds: the ids that each fold validates, by its name, and what could not be had.
        test: the ids of the test list; empty for none.
        test_drawn: whether it was drawn now; else it stays as it was.
        classes: id -> names of the classes in it.
        duplicates: near-duplicates, which were kept together; None where none were looked for.
    """

    folds: DrawnSplits
    test: tuple[str, ...]
    test_drawn: bool
    classes: Mapping[str, frozenset[str]]
    duplicates: DuplicateReport | None

    def columns(self) -> dict[str, Collection[str]]:
        """The ids of each column of a table: val of each fold, and test."""
        return {**self.folds.ids, 'test': self.test}

    def table(self) -> list[tuple[str, list[int]]]:
        """Rows: images, then each class by its images; one number for each column."""
        names = sorted({name for held in self.classes.values() for name in held})
        columns = self.columns().values()
        rows = [('images', [len(ids) for ids in columns])]
        rows += [
            (name, [sum(name in self.classes[i] for i in ids) for ids in columns]) for name in names
        ]
        return rows


def fold_folder(
    root: Path,
    count: int,
    *,
    test_share: float | None = None,
    seed: int = 0,
    group: str | None = None,
    look_for_duplicates: bool = True,
    force: bool = False,
    progress: Progress | None = None,
) -> FoldFolder:
    """Draw folds and write `fold<k>_train.txt` and `fold<k>_val.txt` into `ImageSets/Main`.

    The folds are drawn over the images of train.txt and val.txt; where these two are not there,
    over all images that are not in test.txt. A test list that is there is kept to the byte; where
    there is no list at all, it is drawn first. Every image of the folds is in val of exactly one.

    Args:
        root: holds `Annotations/` and `JPEGImages/`.
        count: number of folds.
        test_share: of a test list that is drawn; by default 0.15, and none is drawn beside
            train.txt and val.txt.
        seed: of the draw.
        group: see `split_folder`.
        look_for_duplicates: see `split_folder`.
        force: replace the folds that are there; never the test list.
        progress: see `split_folder`.

    Raises:
        ConfigError: fewer than two folds, a test share beside a test list, or a wrong pattern.
        DataError: see `split_folder`; or a list names images that are not there.
    """
    if count < 2:
        raise ConfigError(f'--folds must be at least 2, got {count}')
    lists = root / LISTS
    there = lists_of_folds(lists)
    refuse_lists(there, force)
    images, classes = annotated(root)
    fixed = lists / 'test.txt'
    kept = _listed(fixed, images) if fixed.is_file() else None
    if kept is not None and test_share is not None:
        raise ConfigError(
            f'{fixed} is there and stays as it is, so that no share of test can be drawn; leave '
            '--ratios test=... out'
        )
    held = [lists / 'train.txt', lists / 'val.txt']
    has_lists = all(path.is_file() for path in held)
    pool = [i for i in images if i not in set(kept or ())]
    if has_lists:
        pool = list(dict.fromkeys(i for path in held for i in _listed(path, images)))
    _refuse_shared(kept or (), pool, group)
    together, duplicates = kept_together(
        root, {i: images[i] for i in pool}, group, look_for_duplicates, progress
    )
    test: tuple[str, ...] = tuple(kept or ())
    draws_test = kept is None and (test_share is not None or not has_lists)
    if draws_test:
        share = TEST_SHARE if test_share is None else test_share
        first = draw_split(
            {i: classes[i] for i in pool}, {_REST: 1 - share, 'test': share}, seed, together
        )
        pool, test = first.ids[_REST], tuple(first.ids['test'])
    inside = set(pool)
    folds = draw_split(
        {i: classes[i] for i in pool},
        {f'fold{k}': 1 / count for k in range(count)},
        seed,
        [ids for ids in together if inside.issuperset(ids)],
    )
    lists.mkdir(parents=True, exist_ok=True)
    for path in there:  # those of a draw with more folds would stay
        path.unlink()
    if draws_test:
        write_text(fixed, ''.join(f'{i}\n' for i in test))
    write_folds(lists, folds.ids.values())
    return FoldFolder(folds, test, draws_test, classes, duplicates)


def _refuse_shared(test: Collection[str], pool: Collection[str], group: str | None) -> None:
    shared = sorted(set(test) & set(pool))
    if shared:
        raise DataError(
            f'{len(shared)} images of train.txt or val.txt are in test.txt too: {listed(shared)}. '
            'Take them out of one of the lists'
        )
    problems = shared_groups({'test': test, _REST: pool}, group) if group and test else []
    if problems:
        raise DataError(problems)


def _listed(path: Path, images: Mapping[str, Path]) -> list[str]:
    ids = read_ids(path)
    if unknown := [i for i in ids if i not in images]:
        raise DataError(
            f'{path}: {len(unknown)} of its {len(ids)} images are not among the annotated images '
            f'of the folder: {listed(unknown)}'
        )
    return ids
