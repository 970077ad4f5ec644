"""`splits.json`: which images a run was trained, validated and tested on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mmholdout.errors import RunFolderError
from mmholdout.history.atomic import write_text

_SHA256 = re.compile('[0-9a-f]{64}')


def split_digest(
    ids: Iterable[Hashable], file_digests: Mapping[Hashable, str] | None = None
) -> str:
    """SHA-256 (hexadecimal) of a split as a set: neither order nor repetition changes it.

    Args:
        ids: image ids; 7 and '7' are the same id.
        file_digests: digest of each id's image. With it, two data sets that both count their
            images from 1 are two splits.
    """
    digests = file_digests or {}
    items = sorted({(str(i), digests[i] if file_digests is not None else '') for i in ids})
    return hashlib.sha256(json.dumps(items).encode()).hexdigest()


def write_splits(
    path: Path | str,
    splits: Mapping[str, Sequence[Hashable]],
    files: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Write, and return, per split `num_images`, `digest`, `ids` and `files`.

    The same splits give the same bytes: no date, no path.

    Args:
        path: of the file.
        splits: the ids of each, whose order is kept.
        files: SHA-256 of each image in the order of the ids; a split of which one is not known
            ('') gets none.
    """
    record: dict[str, Any] = {
        name: {
            'num_images': len(ids),
            'digest': split_digest(ids),
            'ids': [i if isinstance(i, int) else str(i) for i in ids],
        }
        for name, ids in splits.items()
    }
    for name, digests in (files or {}).items():
        if len(digests) != len(splits[name]):
            raise ValueError(f'{name!r}: {len(digests)} digests of {len(splits[name])} images')
        if all(digests):
            record[name]['files'] = list(digests)
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True)
    write_text(Path(path), text + '\n')
    return record


def read_splits(path: Path | str) -> dict[str, Any]:
    """Read `splits.json` back and check each digest against its ids; those of files by form only.

    Raises:
        RunFolderError: missing, not JSON, or a list that was edited after it was written.
    """
    path = Path(path)
    try:
        record = json.loads(path.read_text(encoding='utf-8'))
        changed = [
            name
            for name, split in record.items()
            if (split['num_images'], split['digest'])
            != (len(split['ids']), split_digest(split['ids']))
            or not _one_for_each(split)
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunFolderError(f'{path} is not a readable record of splits: {error!r}') from error
    if changed:
        names = ', '.join(map(repr, changed))
        raise RunFolderError(
            f'{path}: the ids of {names} do not match their number and digest; '
            'the file was changed after it was written.'
        )
    return dict(record)


def _one_for_each(split: Mapping[str, Any]) -> bool:
    """Whether the digests of the images, if there are any, are one for each id."""
    files = split.get('files')
    if files is None:
        return True
    return len(files) == len(split['ids']) and all(map(_SHA256.fullmatch, files))
