"""Images that two splits share exactly: by id, file, bytes or decoded pixels."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from mmholdout.splits.image_digests import ImageDigest
from mmholdout.splits.listed import listed

_SAYS = {
    'same id': 'under the same id',
    'same file': 'from the same file',
    'same bytes': 'with the same bytes',
    'same pixels': 'with the same decoded pixels',
}


@dataclass(frozen=True, order=True)
class ExactOverlap:
    """One image of one split that is in another; `kind` is the first in `KINDS` that holds."""

    kind: str
    first_split: str
    first_id: str
    second_split: str
    second_id: str


KINDS = tuple(_SAYS)


def exact_overlaps(
    splits: Mapping[str, Mapping[Hashable, Path | str]],
    digests: Mapping[str, ImageDigest],
    *,
    compare_ids: bool = True,
) -> list[ExactOverlap]:
    """Each image of a later split that an earlier one holds too, once per pair of splits.

    Args:
        splits: image files by id.
        digests: by path; a path without one is compared by id and by file only.
        compare_ids: False where the ids have no common name space, as in two COCO files that
            both count from 1.
    """
    keys = {name: _keys(images, digests) for name, images in splits.items()}
    found = []
    for first, second in combinations(splits, 2):
        seen: set[Hashable] = set()
        for kind in KINDS if compare_ids else KINDS[1:]:
            holders = keys[first][kind]
            for key, ids in keys[second][kind].items():
                for image_id in ids:
                    if key in holders and image_id not in seen:
                        seen.add(image_id)
                        found.append(
                            ExactOverlap(kind, first, str(holders[key][0]), second, str(image_id))
                        )
    return sorted(found, key=lambda o: (o.first_split, o.second_split, KINDS.index(o.kind), o))


def overlap_sentences(overlaps: list[ExactOverlap]) -> list[str]:
    """One sentence for each pair of splits and each kind; three images are named."""
    grouped: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for one in overlaps:
        same = one.first_id == one.second_id
        name = one.first_id if same else f'{one.first_id} = {one.second_id}'
        grouped[one.first_split, one.second_split, one.kind].append(name)
    return [
        f'{len(names)} {"image" if len(names) == 1 else "images"} of {second!r} also in {first!r} '
        f'{_SAYS[kind]}: {listed(names)}. Remove from one of the two splits.'
        for (first, second, kind), names in grouped.items()
    ]


def _keys(
    images: Mapping[Hashable, Path | str], digests: Mapping[str, ImageDigest]
) -> dict[str, dict[Hashable, list[Hashable]]]:
    keys: dict[str, dict[Hashable, list[Hashable]]] = {kind: defaultdict(list) for kind in KINDS}
    for image_id, path in images.items():
        keys['same id'][str(image_id)].append(image_id)
        keys['same file'][os.path.realpath(path)].append(image_id)
        digest = digests.get(str(path))
        if digest is not None:
            keys['same bytes'][digest.file].append(image_id)
            keys['same pixels'][digest.pixels].append(image_id)
    return keys
