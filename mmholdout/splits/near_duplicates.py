"""Whether splits are disjoint by content: exact overlap, shared groups, near-duplicates.

    report = find({'train': train_files, 'val': val_files, 'test': test_files}, cache_path)
    print(*report.lines(), sep=chr(10))

Only image files are read; labels are never opened. What is found: copies that were re-encoded,
resized, stretched, made brighter or darker, mirrored left to right or cropped by up to about a
tenth, and second photographs of one field that overlap in part. What is not: copies that were
turned, mirrored top to bottom or cropped to a small part, and copies of plain pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TypeVar

from mmholdout.splits.candidates import PER_IMAGE
from mmholdout.splits.digest_cache import Cache, read_cache, write_cache
from mmholdout.splits.duplicate_report import DuplicateReport, NearDuplicate, plain
from mmholdout.splits.exact_overlap import exact_overlaps, overlap_sentences
from mmholdout.splits.groups import GroupKey, shared_groups
from mmholdout.splits.image_digests import Digests, absolute, digest_images
from mmholdout.splits.listed import listed
from mmholdout.splits.pair_search import Images, PairSearch

Progress = Callable[[str, int, int], None]

Key = TypeVar('Key')
Value = TypeVar('Value')


def find(
    splits: Mapping[str, Images],
    cache_path: Path | str | None = None,
    groups: GroupKey | None = None,
    progress: Progress | None = None,
    per_image: int = PER_IMAGE,
    *,
    compare_ids: bool = True,
) -> DuplicateReport:
    """Compare every two splits.

    Args:
        splits: for each split, image files by id.
        cache_path: digests are read from and written to it; a damaged one is ignored. Its folder
            must exist.
        groups: see `groups.groups_of`; no two splits may share a group.
        progress: called with 'images' or 'pairs', the number done, and of how many.
        per_image: candidates by hash that are looked at for an image; what is left out is
            said in `notes`.
        compare_ids: False where two splits may give one id to different images, as two COCO
            files do that both count from 1.

    Raises:
        ConfigError, DataError: `groups` is wrong or lacks ids.
    """
    shared = [] if groups is None else shared_groups(splits, groups)
    paths = [path for images in splits.values() for path in images.values()]
    known = Cache() if cache_path is None else read_cache(cache_path)
    digests, notes = _digests(paths, known, progress)
    overlaps = exact_overlaps(splits, digests.found, compare_ids=compare_ids)
    exact = {(o.first_split, o.second_split, o.second_id) for o in overlaps}
    search = PairSearch(digests.found, per_image, known.verdicts)
    for first, second in combinations(splits, 2):
        rest = {i: p for i, p in splits[second].items() if (first, second, str(i)) not in exact}
        search.add(first, splits[first], second, rest)
    pairs = search.confirmed(progress and partial(progress, 'pairs'))
    notes += search.notes + _kept(cache_path, known, digests, search)
    return DuplicateReport(
        errors=tuple(map(plain, overlap_sentences(overlaps) + shared)),
        overlaps=tuple(overlaps),
        pairs=tuple(pairs),
        notes=tuple(map(plain, notes)),
        images={name: len(images) for name, images in splits.items()},
        candidates=len(search),
        computed=digests.computed,
    )


def find_within(
    images: Images,
    cache_path: Path | str | None = None,
    progress: Progress | None = None,
    per_image: int = PER_IMAGE,
) -> DuplicateReport:
    """As `find`, for one set that is still to be drawn into splits.

    Images of equal bytes or pixels are no errors here but pairs of their own kinds.
    """
    known = Cache() if cache_path is None else read_cache(cache_path)
    digests, notes = _digests(list(images.values()), known, progress)
    equal, rest = _equal_pixels(images, digests)
    search = PairSearch(digests.found, per_image, known.verdicts)
    search.add('', rest, '', rest)
    pairs = equal + search.confirmed(progress and partial(progress, 'pairs'))
    notes += search.notes + _kept(cache_path, known, digests, search)
    return DuplicateReport(
        errors=(),
        overlaps=(),
        pairs=tuple(sorted(pairs, key=NearDuplicate.order)),
        notes=tuple(map(plain, notes)),
        images={'': len(images)},
        candidates=len(search),
        computed=digests.computed,
    )


def _digests(
    paths: list[Path | str], known: Cache, progress: Progress | None
) -> tuple[Digests, list[str]]:
    """Digests, and a note on what could not be read."""
    digests = digest_images(paths, known.digests, progress and partial(progress, 'images'))
    if not digests.unreadable:
        return digests, []
    reasons = list(digests.unreadable.values())
    return digests, [
        f'{len(reasons)} of {len(paths)} images could not be read and were compared by id and '
        f'path only: {listed(reasons, "; ")}.'
    ]


def _kept(
    cache_path: Path | str | None, known: Cache, digests: Digests, search: PairSearch
) -> list[str]:
    """Write the cache where something new was learnt; a note where that fails."""
    used = {absolute(path): digest for path, digest in digests.found.items()}
    learnt = any(known.digests.get(path) is not digest for path, digest in used.items())
    if cache_path is None or not (learnt or search.verdicts.keys() - known.verdicts.keys()):
        return []
    cache = Cache(_last(known.digests, used), _last(known.verdicts, search.verdicts))
    try:
        write_cache(cache_path, cache)
    except OSError as error:
        return [f'The digests were not kept for the next time: {error}.']
    return []


def _last(old: Mapping[Key, Value], new: Mapping[Key, Value]) -> dict[Key, Value]:
    """Both, what is new at the end."""
    return {key: value for key, value in old.items() if key not in new} | dict(new)


def _equal_pixels(
    images: Images, digests: Digests
) -> tuple[list[NearDuplicate], dict[Hashable, Path | str]]:
    """Pairs of equal pixels, each with the first of its kind, and the images without the rest."""
    pairs = []
    first_of: dict[str, Hashable] = {}
    rest: dict[Hashable, Path | str] = {}
    for image_id, path in images.items():
        digest = digests.found.get(str(path))
        if digest is None:
            continue
        earlier = first_of.setdefault(digest.pixels, image_id)
        if earlier == image_id:
            rest[image_id] = path
            continue
        bytes_too = digests.found[str(images[earlier])].file == digest.file
        pairs.append(
            NearDuplicate(
                first_split='',
                first_id=str(earlier),
                first_path=str(images[earlier]),
                second_split='',
                second_id=str(image_id),
                second_path=str(path),
                kind='same bytes' if bytes_too else 'same pixels',
            )
        )
    return pairs, rest
