"""Images that two splits share: by id, and by the bytes of the file.

Labels are never opened. Near-duplicates (re-encoded, resized) are another check.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import combinations
from pathlib import Path

_TAIL_BYTES = 4096
_EXAMPLES = 3


def shared_ids(splits: Mapping[str, Iterable[Hashable]]) -> list[str]:
    """One sentence for each pair of splits that share ids; empty where none do.

    Ids must come from one name space: two COCO files may both count from 1.
    """
    members = {name: set(ids) for name, ids in splits.items()}
    problems = []
    for first, second in combinations(members, 2):
        common = sorted(map(str, members[first] & members[second]))
        if common:
            problems.append(
                f'{_count(common)} in both {first!r} and {second!r}: {_some(common)}. '
                'Remove from one of the two lists.'
            )
    return problems


def shared_files(splits: Mapping[str, Mapping[Hashable, Path | str]]) -> list[str]:
    """One sentence for each pair of splits that hold files of equal content under any names.

    Only files that can be equal are read: those of one size in two splits, and of these only
    those whose last 4 KiB agree are hashed whole. Missing files are passed over here; see
    `missing_files`.
    """
    return shared_digests(_candidate_digests(splits))


def shared_digests(splits: Mapping[str, Mapping[Hashable, str]]) -> list[str]:
    """As `shared_files`, from digests that are known already."""
    where: dict[str, dict[str, list[str]]] = {}
    for name, digests in splits.items():
        by_digest: dict[str, list[str]] = defaultdict(list)
        for image_id, digest in digests.items():
            by_digest[digest].append(str(image_id))
        where[name] = {digest: sorted(ids) for digest, ids in by_digest.items()}
    problems = []
    for first, second in combinations(where, 2):
        common = where[first].keys() & where[second].keys()
        if common:
            pairs = sorted(f'{where[first][d][0]} = {where[second][d][0]}' for d in common)
            problems.append(
                f'{len(pairs)} {"image" if len(pairs) == 1 else "images"} of {first!r} also in '
                f'{second!r} with the same bytes: {_some(pairs)}. '
                'Remove from one of the two splits.'
            )
    return problems


def missing_files(splits: Mapping[str, Mapping[Hashable, Path | str]]) -> list[str]:
    """One sentence for each split that lists files which do not exist."""
    problems = []
    for name, files in splits.items():
        missing = [str(path) for path in files.values() if not Path(path).is_file()]
        if missing:
            problems.append(
                f'{len(missing)} of {len(files)} image files of {name!r} do not exist: '
                f'{_some(missing)}.'
            )
    return problems


def file_digest(path: Path | str) -> str:
    """SHA-256 of the file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with Path(path).open('rb') as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _candidate_digests(
    splits: Mapping[str, Mapping[Hashable, Path | str]],
) -> dict[str, dict[Hashable, str]]:
    """Digests of those files alone that may have a twin in another split."""
    by_size: dict[object, list[tuple[str, Hashable, Path]]] = defaultdict(list)
    for name, files in splits.items():
        for image_id, given in files.items():
            path = Path(given)
            if path.is_file():
                by_size[path.stat().st_size].append((name, image_id, path))
    by_tail: dict[object, list[tuple[str, Hashable, Path]]] = defaultdict(list)
    for size, group in by_size.items():
        if _spans_splits(group):
            for name, image_id, path in group:
                by_tail[(size, _tail(path))].append((name, image_id, path))
    digests: dict[str, dict[Hashable, str]] = {name: {} for name in splits}
    for group in by_tail.values():
        if _spans_splits(group):
            for name, image_id, path in group:
                digests[name][image_id] = file_digest(path)
    return digests


def _spans_splits(group: list[tuple[str, Hashable, Path]]) -> bool:
    return len({name for name, _, _ in group}) > 1


def _tail(path: Path) -> bytes:
    with path.open('rb') as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL_BYTES))
        return hashlib.sha256(file.read()).digest()


def _count(items: list[str]) -> str:
    return '1 image is' if len(items) == 1 else f'{len(items)} images are'


def _some(items: list[str]) -> str:
    more = f' and {len(items) - _EXAMPLES} more' if len(items) > _EXAMPLES else ''
    return ', '.join(items[:_EXAMPLES]) + more
