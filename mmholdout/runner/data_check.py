"""Everything that can be found wrong with the data of a config, pixels included."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mmengine.registry import DefaultScope

from mmholdout.config.splits import splits_words
from mmholdout.datasets.decode_check import decode_all
from mmholdout.datasets.places import Places, require_places
from mmholdout.errors import ConfigError, DataError
from mmholdout.registry import DATASETS
from mmholdout.runner.data_present import reader_of
from mmholdout.runner.formats import formats
from mmholdout.runner.parts import Words, leaves
from mmholdout.runner.split_images import (
    digest_cache,
    group_mapping,
    ids_are_comparable,
    images_of_words,
    listed_images,
)
from mmholdout.splits.duplicate_report import DuplicateReport
from mmholdout.splits.near_duplicates import find

SPLITS = ('train', 'val', 'test')
Progress = Callable[[str, int, int], None]
Findings = dict[str, list[str]]  # what was found -> every example of it


@dataclass
class ListCheck:
    """What was found in one dataset of the config.

    Attributes:
        splits: that read it; several where they are drawn from one list.
        places: its lists and folders.
        images: id -> file.
    """

    splits: tuple[str, ...]
    places: Places
    images: dict[str, Path]
    errors: Findings = field(default_factory=dict)
    notices: Findings = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)


def check_data(
    words: Words,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[list[ListCheck], DuplicateReport]:
    """Read all annotations, decode all images, compare the splits; uses no index.

    The test split is read too, as data: nothing is measured on it and no ledger is touched.

    Args:
        words: translated.
        workers: processes that decode.
        progress: told what is done ('decoded', 'images' compared, 'pairs' looked at), how many,
            and of how many.

    Returns:
        The findings of each dataset, and what the splits share or have in likeness.

    Raises:
        ConfigError: no dataset of a format that is known here.
        DataError: lists or folders are missing.
    """
    found = _datasets(words)
    if not found:
        known = ', '.join(sorted(one.__name__ for one in formats().values()))
        raise ConfigError(f'no split is read by one of {known}, and check knows no other data set')
    require_places([(', '.join(splits), places) for places, (splits, _) in found.items()])
    checks = [
        _read(tuple(splits), places, leaf, listed_images(leaf | {'part': None, 'indices': None}))
        for places, (splits, leaf) in found.items()
    ]
    _decode(checks, workers, progress)
    return checks, _compared(words, progress)


def _datasets(words: Words) -> dict[Places, tuple[list[str], Words]]:
    found: dict[Places, tuple[list[str], Words]] = {}
    for split in SPLITS:
        dataset = (words.get(f'{split}_dataloader') or {}).get('dataset')
        for leaf in leaves(dataset) if dataset else ():
            if reader := reader_of(leaf):
                splits, _ = found.setdefault(reader.places_of(leaf), ([], leaf))
                splits += [split] if split not in splits else []
    return found


def _read(
    splits: tuple[str, ...], places: Places, leaf: Words, images: dict[str, Path]
) -> ListCheck:
    config = copy.deepcopy(leaf) | {
        'pipeline': [],
        'test_mode': True,
        'lazy_init': True,
        'use_index': False,
        'corrupt': 'error',
        'indices': None,
        'part': None,
    }
    with DefaultScope.overwrite_default_scope('mmholdout'):
        dataset: Any = DATASETS.build(config)
    check = ListCheck(splits, places, images)
    try:
        dataset.full_init()
    except DataError as error:
        # The report has every example, the message some of them.
        check.errors = dataset.report.problems or {text: [] for text in error.problems}
    check.notices, check.facts = dataset.report.notices, dataset.report.facts
    return check


def _decode(
    checks: list[ListCheck],
    workers: int | None,
    progress: Progress | None,
) -> None:
    owners: dict[str, list[ListCheck]] = {}
    for check in checks:
        for path in check.images.values():
            owners.setdefault(str(path), []).append(check)
    told = {text for check in checks for texts in check.errors.values() for text in texts}
    for number, decoded in enumerate(decode_all(list(owners), workers), 1):
        for check in owners[decoded.path]:
            if decoded.unreadable and decoded.unreadable not in told:
                check.errors.setdefault('images that cannot be used', []).append(decoded.unreadable)
            if decoded.damaged:
                kind = 'images of which some pixels are wrong'
                check.errors.setdefault(kind, []).append(decoded.damaged)
            if decoded.remark:
                kind = 'images that the decoder remarks on; no pixel is lost'
                check.notices.setdefault(kind, []).append(decoded.remark)
        if progress:
            progress('decoded', number, len(owners))


def _compared(words: Words, progress: Progress | None) -> DuplicateReport:
    """The images of every two splits, by id, file, bytes, pixels and likeness."""
    splits = {}
    for split in SPLITS:
        dataset = (words.get(f'{split}_dataloader') or {}).get('dataset')
        if dataset and any(reader_of(leaf) for leaf in leaves(dataset)):
            splits[split] = images_of_words(dataset)
    return find(
        {split: images.paths for split, images in splits.items()},
        digest_cache(splits),
        groups=group_mapping(splits, splits_words(words)['group']),
        progress=progress,
        compare_ids=ids_are_comparable(splits),
    )
