"""Candidates of several pairs of splits, confirmed together, and what was left out of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mmholdout.errors import DataError
from mmholdout.splits.alignment import Picture, picture_of
from mmholdout.splits.candidates import PER_IMAGE_BY_WORDS, Candidate, find_candidates
from mmholdout.splits.confirm import Verdict, confirm
from mmholdout.splits.duplicate_report import NearDuplicate
from mmholdout.splits.image_digests import ImageDigest
from mmholdout.splits.listed import listed
from mmholdout.splits.pixels import read_working_grey
from mmholdout.splits.workers import in_threads

Images = Mapping[Hashable, Path | str]
Verdicts = Mapping[tuple[str, str], Verdict | None]

_PICTURES = 256  # pictures with their keypoints kept at once, about 50 MB


@dataclass(frozen=True)
class _Job:
    first_split: str
    first_id: str
    first_path: str
    second_split: str
    second_id: str
    second_path: str
    candidate: Candidate

    @property
    def asker(self) -> tuple[str, str, str]:
        return self.first_split, self.second_split, self.second_id


class PairSearch:
    """Collects candidates by `add`, then looks at them by `confirmed`.

    Args:
        digests: by path; an image without one is passed over.
        per_image: candidates by hash that are looked at for an image.
        known: verdicts of earlier runs by the pixel digests of the two images.

    Attributes:
        notes: sentences about what was left out.
        verdicts: of all pairs looked at, to be known next time.
        unlikely: those of the notes that tell of candidates farther away than others, which are
            seldom copies.
        failed: pairs that could not be looked at.
    """

    def __init__(
        self,
        digests: Mapping[str, ImageDigest],
        per_image: int,
        known: Verdicts | None = None,
    ) -> None:
        self.notes: list[str] = []
        self.unlikely: list[str] = []
        self.verdicts: dict[tuple[str, str], Verdict | None] = {}
        self.failed = 0
        self._known = known or {}
        self._digests = digests
        self._per_image = per_image
        self._jobs: list[_Job] = []
        self._more_words: set[tuple[str, str, str]] = set()

    def __len__(self) -> int:
        return len(self._jobs)

    def add(
        self,
        first: str,
        ours: Images,
        second: str,
        theirs: Images,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Find the candidates of two splits, or within one where `ours` is `theirs`."""
        a, b = self._readable(ours), self._readable(theirs)
        found = find_candidates(
            [(digest.hashes, digest.words) for _, _, digest in a],
            [(digest.hashes, digest.words) for _, _, digest in b],
            same=ours is theirs,
            per_image=self._per_image,
            progress=progress,
        )
        for one in found.pairs:
            self._jobs.append(
                _Job(first, *a[one.first][:2], second, *b[one.second][:2], candidate=one)
            )
        self._more_words |= {(first, second, b[row][0]) for row in found.more_words}
        if found.more_hashes:
            names = [b[row][0] for row in sorted(found.more_hashes)]
            self.unlikely.append(
                f'More than {self._per_image} images{_of(first)} resemble each of '
                f'{_count(names)}{_of(second)}; of those beyond the nearest not all were looked '
                f'at: {listed(names)}.'
            )
            self.notes.append(self.unlikely[-1])

    def confirmed(self, progress: Callable[[int, int], None] | None = None) -> list[NearDuplicate]:
        """The pairs that geometry and pixels prove, sorted."""
        picture = lru_cache(_PICTURES)(_picture)

        def look(job: _Job) -> Verdict | str | None:
            if (key := self._pixels(job)) in self._known:
                return self._known[key]
            try:
                return confirm(picture(job.first_path), picture(job.second_path), job.candidate)
            except (OSError, DataError) as error:
                return str(error)

        # In this order neighbours share pictures.
        self._jobs.sort(key=lambda job: (job.second_path, job.first_path))
        pairs = []
        proven: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
        for job, verdict in in_threads(look, self._jobs, progress):
            if isinstance(verdict, str):
                self.failed += 1
                self.notes.append(f'A pair was not looked at: {verdict}.')
            else:
                self.verdicts[self._pixels(job)] = verdict
                if verdict is not None:
                    pairs.append(_pair(job, verdict))
            proven[job.asker].append(isinstance(verdict, Verdict))
        self._note_words(proven)
        return sorted(pairs, key=NearDuplicate.order)

    def _pixels(self, job: _Job) -> tuple[str, str]:
        return self._digests[job.first_path].pixels, self._digests[job.second_path].pixels

    def _readable(self, images: Images) -> list[tuple[str, str, ImageDigest]]:
        return [
            (str(image_id), str(path), self._digests[str(path)])
            for image_id, path in images.items()
            if str(path) in self._digests
        ]

    def _note_words(self, proven: Mapping[tuple[str, str, str], list[bool]]) -> None:
        """Where each candidate was proven, those that were left out may be copies too."""
        names = sorted(key[2] for key in self._more_words if all(proven[key]))
        if names:
            self.notes.append(
                f'{_count(names)} may share a view with more than the {PER_IMAGE_BY_WORDS} '
                f'images that were looked at for it: {listed(names)}.'
            )


def _picture(path: str) -> Picture:
    return picture_of(read_working_grey(path))


def _pair(job: _Job, verdict: Verdict) -> NearDuplicate:
    return NearDuplicate(
        first_split=job.first_split,
        first_id=job.first_id,
        first_path=job.first_path,
        second_split=job.second_split,
        second_id=job.second_id,
        second_path=job.second_path,
        kind=verdict.kind,
        verdict=verdict,
    )


def _of(split: str) -> str:
    return f' of {split!r}' if split else ''


def _count(names: list[str]) -> str:
    return '1 image' if len(names) == 1 else f'{len(names)} images'
