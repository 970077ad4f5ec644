"""The outcome of a search for copies, kept so that the same images are not searched again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mmholdout.splits.confirm import Verdict
from mmholdout.splits.duplicate_report import NearDuplicate
from mmholdout.splits.image_digests import ImageDigest

Images = Mapping[Hashable, Path | str]
Part = tuple[str, Images, str, Images]  # a split and its images, another and its
Verdicts = Mapping[tuple[str, str], Verdict | None]


@dataclass(frozen=True)
class Outcome:
    """What a search found; the evidence is among the verdicts.

    Attributes:
        pairs: first split and id, second split and id.
        notes: what was left out.
        candidates: pairs that were looked at.
        unlikely: see `PairSearch`.
    """

    pairs: tuple[tuple[str, str, str, str], ...]
    notes: tuple[str, ...]
    candidates: int
    unlikely: tuple[str, ...] = ()


def search_key(parts: Sequence[Part], digests: Mapping[str, ImageDigest], per_image: int) -> str:
    """SHA-256 of all that a search depends on: names and decoded pixels of what is compared.

    Args:
        parts: what is compared with what.
        digests: by path; an image without one is passed over in a search.
        per_image: candidates that are looked at for an image.
    """
    digest = hashlib.sha256(json.dumps(per_image).encode())
    for first, ours, second, theirs in parts:
        same = ours is theirs
        named = [first, _pixels(ours, digests), second, same or _pixels(theirs, digests)]
        digest.update(json.dumps(named).encode())
    return digest.hexdigest()


def recalled(
    outcome: Outcome,
    parts: Sequence[Part],
    digests: Mapping[str, ImageDigest],
    verdicts: Verdicts,
) -> list[NearDuplicate] | None:
    """The pairs of an outcome as a search would give them; None where a verdict is lost."""
    files: dict[str, dict[str, str]] = {}
    for first, ours, second, theirs in parts:
        for split, images in ((first, ours), (second, theirs)):
            files.setdefault(split, {}).update({str(i): str(p) for i, p in images.items()})
    pairs = []
    for first, first_id, second, second_id in outcome.pairs:
        one, other = files[first][first_id], files[second][second_id]
        verdict = verdicts.get((digests[one].pixels, digests[other].pixels))
        if verdict is None:
            return None
        pairs.append(
            NearDuplicate(first, first_id, one, second, second_id, other, verdict.kind, verdict)
        )
    return pairs


def _pixels(images: Images, digests: Mapping[str, ImageDigest]) -> list[tuple[str, str]]:
    return [
        (str(image_id), digests[str(path)].pixels)
        for image_id, path in images.items()
        if str(path) in digests
    ]
