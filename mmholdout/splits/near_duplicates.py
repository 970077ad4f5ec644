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
from mmholdout.splits.digest_cache import Cache, Verdicts, read_cache, write_cache
from mmholdout.splits.duplicate_report import DuplicateReport, NearDuplicate, plain
from mmholdout.splits.exact_overlap import exact_overlaps, overlap_sentences
from mmholdout.splits.groups import GroupKey, shared_groups
from mmholdout.splits.image_digests import Digests, ImageDigest, absolute, digest_images
from mmholdout.splits.known_files import file_digests
from mmholdout.splits.known_search import Outcome, Part, recalled, search_key
from mmholdout.splits.listed import listed
from mmholdout.splits.overlap import shared_digests
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
    near: bool = True,
) -> DuplicateReport:
    """Compare every two splits.

    Args:
        splits: for each split, image files by id.
        cache_path: digests are read from and written to it; a damaged one is ignored. Its folder
            must exist.
        groups: see `groups.groups_of`; no two splits may share a group.
        progress: called with 'images', 'candidates' or 'pairs', the number done, and of how many.
            What it raises ends the comparison; the digests so far are kept in the cache.
        per_image: candidates by hash that are looked at for an image; what is left out is
            said in `notes`.
        compare_ids: False where two splits may give one id to different images, as two COCO
            files do that both count from 1.
        near: look for near-duplicates too.

    Raises:
        ConfigError, DataError: `groups` is wrong or lacks ids.
    """
    shared = [] if groups is None else shared_groups(splits, groups)
    paths = [path for images in splits.values() for path in images.values()]
    known = Cache() if cache_path is None else read_cache(cache_path)
    digests, notes = _digests(paths, known, cache_path, progress)
    blind = file_digests(digests.unreadable)  # equal bytes tell, even where they are no image
    overlaps = exact_overlaps(splits, digests.found, compare_ids=compare_ids)
    shared = _shared_blind(splits, blind) + shared
    exact = {(o.first_split, o.second_split, o.second_id) for o in overlaps}
    parts: list[Part] = []
    for first, second in combinations(splits, 2) if near else ():
        rest = {i: p for i, p in splits[second].items() if (first, second, str(i)) not in exact}
        parts.append((first, splits[first], second, rest))
    pairs, outcome, more = _searched(parts, digests, known, cache_path, per_image, progress)
    return DuplicateReport(
        errors=tuple(map(plain, overlap_sentences(overlaps) + shared)),
        overlaps=tuple(overlaps),
        pairs=tuple(pairs),
        notes=tuple(map(plain, notes + more)),
        images={name: len(images) for name, images in splits.items()},
        candidates=outcome.candidates,
        computed=digests.computed,
        files={path: digest.file for path, digest in digests.found.items()} | blind,
        unlikely=tuple(map(plain, outcome.unlikely)),
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
    digests, notes = _digests(list(images.values()), known, cache_path, progress)
    equal, rest = _equal_pixels(images, digests)
    parts: list[Part] = [('', rest, '', rest)]
    pairs, outcome, more = _searched(parts, digests, known, cache_path, per_image, progress)
    return DuplicateReport(
        errors=(),
        overlaps=(),
        pairs=tuple(sorted(equal + pairs, key=NearDuplicate.order)),
        notes=tuple(map(plain, notes + more)),
        images={'': len(images)},
        candidates=outcome.candidates,
        computed=digests.computed,
        files={path: digest.file for path, digest in digests.found.items()},
        unlikely=tuple(map(plain, outcome.unlikely)),
    )


def _digests(
    paths: list[Path | str],
    known: Cache,
    cache_path: Path | str | None,
    progress: Progress | None,
) -> tuple[Digests, list[str]]:
    """Digests, and a note on what could not be read."""
    found: dict[str, ImageDigest] = {}
    told = progress and partial(progress, 'images')
    try:
        digests = digest_images(paths, known.digests, told, found)
    except BaseException:  # Ctrl-C among others: an hour's work is not to be done twice
        _keep(cache_path, known, found)
        raise
    if not digests.unreadable:
        return digests, []
    reasons = list(digests.unreadable.values())
    return digests, [
        f'{len(reasons)} of {len(paths)} images could not be read and were compared by id and '
        f'path, and by bytes where there are any: {listed(reasons, "; ")}.'
    ]


def _shared_blind(splits: Mapping[str, Images], blind: Mapping[str, str]) -> list[str]:
    return shared_digests(
        {
            split: {i: blind[str(path)] for i, path in images.items() if str(path) in blind}
            for split, images in splits.items()
        }
    )


def _searched(
    parts: list[Part],
    digests: Digests,
    known: Cache,
    cache_path: Path | str | None,
    per_image: int,
    progress: Progress | None,
) -> tuple[list[NearDuplicate], Outcome, list[str]]:
    """The pairs, the outcome to keep, and all notes; a known search is not done again."""
    key = search_key(parts, digests.found, per_image)
    outcome = known.searches.get(key)
    if outcome is not None:
        pairs = recalled(outcome, parts, digests.found, known.verdicts)
        if pairs is not None:
            notes = _keep(cache_path, known, digests.found)
            return pairs, outcome, [*outcome.notes, *notes]
    search = PairSearch(digests.found, per_image, known.verdicts)
    for part in parts:
        search.add(*part, progress=progress and partial(progress, 'candidates'))
    pairs = search.confirmed(progress and partial(progress, 'pairs'))
    named = tuple((p.first_split, p.first_id, p.second_split, p.second_id) for p in pairs)
    outcome = Outcome(named, tuple(search.notes), len(search), tuple(search.unlikely))
    outcomes = {key: outcome} if parts and not search.failed else {}
    notes = _keep(cache_path, known, digests.found, search.verdicts, outcomes)
    return pairs, outcome, search.notes + notes


def _keep(
    cache_path: Path | str | None,
    known: Cache,
    digests: Mapping[str, ImageDigest],
    verdicts: Verdicts | None = None,
    searches: Mapping[str, Outcome] | None = None,
) -> list[str]:
    """Write the cache where something new was learnt; a note where that fails."""
    verdicts, searches = verdicts or {}, searches or {}
    used = {absolute(path): digest for path, digest in digests.items()}
    learnt = any(known.digests.get(path) is not digest for path, digest in used.items())
    learnt |= bool(verdicts.keys() - known.verdicts.keys() or searches)
    if cache_path is None or not learnt:
        return []
    cache = Cache(
        _last(known.digests, used),
        _last(known.verdicts, verdicts),
        _last(known.searches, searches),
    )
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
