"""Whether train, val and test are disjoint, decided before the first batch."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmholdout.config.splits import splits_words
from mmholdout.errors import DataError
from mmholdout.report.split_text import split_sentences
from mmholdout.runner.parts import Words
from mmholdout.runner.split_images import (
    Splits,
    digest_cache,
    group_mapping,
    ids_are_comparable,
    images_of_dataset,
    images_of_words,
)
from mmholdout.runner.split_record import (
    changed_since,
    counts,
    digests_of_splits,
    files_of_splits,
    record_of,
    shortened,
    unseen,
    without_remedy,
)
from mmholdout.splits.duplicate_report import DuplicateReport, NearDuplicate
from mmholdout.splits.groups import shared_groups
from mmholdout.splits.known_files import file_digests
from mmholdout.splits.near_duplicates import find
from mmholdout.splits.overlap import shared_files, shared_ids

_PAIRS = 3  # that are named; the contact sheet shows more
_SHEET_COMMAND = 'python tools/prepare_data.py check CONFIG --sheet FILE.png'
_AFTER_OVERLAP = (
    '. `prepare_data.py split` draws lists that keep copies and groups together. If the overlap '
    'is meant, set splits = dict(allow_overlap=True): every report will say so'
)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Separation:
    """The answer.

    Attributes:
        record: what checkpoints and reports keep, see `split_record.record_of`.
        lines: what the console says.
        ids: of each split, in its order.
        files: SHA-256 of each image, in the order of `ids`; '' where it could not be read.
        pairs: near-duplicates; None where nothing was compared anew.
        details: what only the log says.
    """

    record: dict[str, Any]
    lines: list[str]
    ids: dict[str, list[Hashable]]
    files: dict[str, list[str]]
    pairs: Sequence[NearDuplicate] | None = None
    details: Sequence[str] = ()


def gather(datasets: Mapping[str, Any], words: Words, test: Words | None) -> Splits:
    """The images of the splits.

    Args:
        datasets: 'train' and 'val', built.
        words: translated.
        test: the words of the test split, of which the list of ids and the bytes of its images
            are read and nothing else: no test label is opened in training.
    """
    images = {
        split: images_of_dataset(dataset, words[f'{split}_dataloader']['dataset'])
        for split, dataset in datasets.items()
    }
    return images if test is None else images | {'test': images_of_words(test)}


def compare_splits(
    images: Splits,
    words: Words,
    *,
    earlier: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    sheet_command: str = _SHEET_COMMAND,
) -> Separation:
    """Compare ids, paths, bytes, pixels, groups and likeness, and judge by the config.

    Args:
        images: of each split.
        words: translated; of them `splits`.
        earlier: the record of the run that is resumed; images whose bytes are as they were then
            are not compared anew.
        progress: told what is done, how many, of how many; what it raises ends the comparison.
        sheet_command: shows near-duplicates where they refuse.

    Raises:
        DataError: the splits overlap and `splits.allow_overlap` is not True; or there are
            near-duplicates and `splits.near_duplicates` is 'refuse'; or ids have no group.
    """
    rules = splits_words(words)
    cache = digest_cache(images)
    ids = {split: list(one.ids) for split, one in images.items()}
    if earlier and earlier.get('rules') == rules:
        files = _files_now(images, cache, progress)
        if digests_of_splits(images, files) == earlier['digests']:
            line = f'splits: {counts(images)}: unchanged since they were compared'
            lines = [line, *split_sentences(earlier)]
            return Separation(dict(earlier), lines, ids, files)
    report = find(
        {split: one.paths for split, one in images.items()},
        cache,
        groups=group_mapping(images, rules['group']),
        progress=progress,
        compare_ids=ids_are_comparable(images),
        near=rules['near_duplicates'] != 'off',
    )
    refuse(report, rules, sheet_command)
    files = files_of_splits(images, report.files)
    record = record_of(rules, images, report, files)
    lines = [_headline(images, report, rules), *split_sentences(record)]
    lines += [f'  {pair.line()}' for pair in report.pairs[:_PAIRS]]
    lines += [f'splits: {note}' for note in report.notes if note not in report.unlikely]
    lines += changed_since(earlier or {}, record)
    details = [f'splits: {note}' for note in report.unlikely]
    return Separation(record, lines, ids, files, report.pairs, details)


def compare_quickly(images: Splits, words: Words) -> list[str]:
    """Compare what needs no pixels, ids, bytes and groups; gives lines for the plan of a run.

    Raises:
        DataError: as `compare_splits`.
    """
    rules = splits_words(words)
    paths = {split: one.paths for split, one in images.items()}
    comparable = ids_are_comparable(images)
    shared = shared_ids({s: one.ids for s, one in images.items()}) if comparable else []
    shared = shared or shared_files(paths)
    groups = group_mapping(images, rules['group'])
    shared += [] if groups is None else shared_groups(paths, groups)
    refuse_overlap(shared, rules)
    done = 'they overlap (allow_overlap=True)' if shared else 'none is shared by id or bytes'
    near = {'list': 'listed', 'refuse': 'refused', 'off': 'not looked for'}
    lines = [
        f'{done}; at the start of training decoded pixels are compared, near-duplicates '
        f'{near[rules["near_duplicates"]]}'
    ]
    return lines + [without_remedy(text) for text in shortened(shared)] + unseen(images)


def refuse(report: DuplicateReport, rules: Words, sheet_command: str = _SHEET_COMMAND) -> None:
    """Raise what the rules forbid, all at once.

    Raises:
        DataError: see `compare_splits`.
    """
    problems = near_problems(report, rules, sheet_command)
    refuse_overlap(report.errors, rules, problems)
    if problems:
        raise DataError(problems)


def refuse_overlap(shared: Sequence[str], rules: Words, others: Sequence[str] = ()) -> None:
    """Raise where images or groups are shared and the rules do not allow it.

    Raises:
        DataError: with the `others`.
    """
    if shared and not rules['allow_overlap']:
        problems = shortened(shared)
        problems[-1] = problems[-1].removesuffix('.') + _AFTER_OVERLAP
        raise DataError([*problems, *others])


def near_problems(report: DuplicateReport, rules: Words, sheet_command: str) -> list[str]:
    """What is said of near-duplicates that refuse; nothing where they do not."""
    if not report.pairs or rules['near_duplicates'] != 'refuse':
        return []
    first = '\n'.join(f'  {pair.line()}' for pair in report.pairs[:_PAIRS])
    return [
        f"pairs of near-duplicates: {len(report.pairs)}, and splits.near_duplicates is 'refuse':\n"
        f'{first}\nTo see them all: {sheet_command}'
    ]


def _headline(images: Splits, report: DuplicateReport, rules: Words) -> str:
    shared = 'they overlap (allow_overlap=True)' if report.errors else 'none is shared'
    none = not report.pairs and rules['near_duplicates'] != 'off'
    near = ', no near-duplicates' if none else ''
    return f'splits: {counts(images)} compared: {shared}{near}'


def _files_now(
    images: Splits, cache: Path | None, progress: Progress | None
) -> dict[str, list[str]]:
    told = None if progress is None else lambda done, of: progress('files', done, of)
    paths = [path for one in images.values() for path in one.paths.values()]
    return files_of_splits(images, file_digests(paths, cache, told))
