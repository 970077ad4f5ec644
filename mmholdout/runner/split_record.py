"""What a run keeps of the comparison of its splits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from mmholdout.runner.parts import Words
from mmholdout.runner.split_images import Splits
from mmholdout.splits.duplicate_report import DuplicateReport
from mmholdout.splits.record import split_digest

_MOST = 20  # sentences about overlap: hundreds of shared groups are one problem
_REMEDY = ' Remove from one of the two splits.'


def record_of(
    rules: Words, images: Splits, report: DuplicateReport, files: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """The record that checkpoints (`meta['splits']`) and `separation.json` hold.

    Returns:
        `allow_overlap`; `near_duplicates`: number of pairs, None where none were looked for;
        `kinds` of these; `shared`: sentences about overlap that was allowed; `unseen`: sentences
        about what was not compared; `images`: number in each split; `digests` of ids and bytes
        of each split, as the ledger has them; `rules`: the config's.
    """
    near = rules['near_duplicates'] != 'off'
    return {
        'allow_overlap': rules['allow_overlap'],
        'near_duplicates': len(report.pairs) if near else None,
        'kinds': dict(sorted(Counter(pair.kind for pair in report.pairs).items())),
        'shared': [without_remedy(text) for text in shortened(report.errors)],
        'unseen': unseen(images),
        'images': {split: len(one.ids) for split, one in images.items()},
        'digests': digests_of_splits(images, files),
        'rules': dict(rules),
    }


def files_of_splits(images: Splits, digests: Mapping[str, str]) -> dict[str, list[str]]:
    """Of each split the digests of its files, in its order; '' for one that was not read."""
    return {
        split: [digests.get(str(path), '') for path in one.paths.values()]
        for split, one in images.items()
    }


def digests_of_splits(images: Splits, files: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """One digest of the ids and bytes of each split."""
    return {
        split: split_digest(one.paths, dict(zip(one.paths, files[split], strict=True)))
        for split, one in images.items()
    }


def changed_since(earlier: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    """Which splits are not those that the run began with."""
    before = earlier.get('digests', {})
    return [
        f'splits: {split} is not what the run began with: {earlier["images"].get(split, 0)} '
        f'images then, {record["images"].get(split, 0)} now, and not all of them the same'
        for split in sorted(before.keys() | record['digests'].keys() if before else ())
        if before.get(split) != record['digests'].get(split)
    ]


def shortened(sentences: Sequence[str]) -> list[str]:
    """The first twenty, and how many more there are."""
    more = len(sentences) - _MOST
    return [*sentences[:_MOST], *([f'And {more} more overlaps.'] if more > 0 else [])]


def without_remedy(text: str) -> str:
    """For an overlap that was allowed."""
    return text.removesuffix(_REMEDY)


def unseen(images: Splits) -> list[str]:
    """What of the splits is not compared."""
    return [f'{split} is not compared: {one.unseen}' for split, one in images.items() if one.unseen]


def counts(images: Splits) -> str:
    """'train 720, val 100, test 100 images'."""
    return ', '.join(f'{split} {len(one.ids)}' for split, one in images.items()) + ' images'
