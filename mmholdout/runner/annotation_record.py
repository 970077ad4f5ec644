"""What labels a run was trained, validated and tested with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mmholdout.errors import RunFolderError
from mmholdout.runner.annotation_files import annotation_files
from mmholdout.runner.parts import Words
from mmholdout.splits.file_record import (
    Digests,
    combined,
    differences,
    digest_files,
    read_file_record,
    write_file_record,
)
from mmholdout.splits.listed import listed


def digest_annotations(words: Words, splits: Sequence[str]) -> dict[str, Digests]:
    """Split -> name of each annotation file -> SHA-256; a split that names none is left out.

    Args:
        words: translated.
        splits: in training, train and val only: labels of the test split are not opened there.
    """
    found = {
        split: digest_files(annotation_files(words[f'{split}_dataloader']['dataset']))
        for split in splits
    }
    return {split: digests for split, digests in found.items() if digests}


def of_each_split(digests: dict[str, Digests]) -> dict[str, str]:
    """One digest for all annotation files of a split."""
    return {split: combined(files) for split, files in digests.items()}


def write_annotations(path: Path, digests: dict[str, Digests]) -> list[str]:
    """Write the record; gives sentences about what has changed since the one that was there."""
    said = []
    try:
        before = read_file_record(path) if path.exists() else {}
    except RunFolderError as error:
        before = {}
        said.append(f'{error}; it is written anew')
    for split, files in digests.items():
        changed = differences(before.get(split, files), files)
        if changed:
            said.append(
                f'annotations of {split} have changed since the run began: {listed(changed, "; ")}'
            )
    write_file_record(path, digests)
    return said
