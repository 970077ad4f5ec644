"""What the comparison of splits found, and how it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from mmholdout.splits.confirm import Verdict
from mmholdout.splits.exact_overlap import ExactOverlap

_LISTED = 10


@dataclass(frozen=True)
class NearDuplicate:
    """Two images that show the same.

    Attributes:
        kind: one of `confirm`'s, or 'same bytes' or 'same pixels' within one set.
        verdict: the evidence; None where the bytes or pixels are equal.
    """

    first_split: str
    first_id: str
    first_path: str
    second_split: str
    second_id: str
    second_path: str
    kind: str
    verdict: Verdict | None = None

    def order(self) -> tuple[str, ...]:
        """What lists of pairs are sorted by."""
        return self.first_split, self.second_split, self.first_id, self.second_id

    def line(self) -> str:
        """The pair, its kind and the evidence in one line."""
        first = f'{self.first_split} {self.first_id}'.strip()
        second = f'{self.second_split} {self.second_id}'.strip()
        evidence = f' ({self.verdict.evidence()})' if self.verdict else ''
        return f'{plain(first)} and {plain(second)}: {self.kind}{evidence}'


@dataclass(frozen=True)
class DuplicateReport:
    """The answer of `near_duplicates.find`.

    Attributes:
        errors: sentences about images, or groups, that two splits share exactly.
        overlaps: the images behind those sentences, groups apart.
        pairs: near-duplicates, sorted by splits and ids.
        notes: what was not looked at and why; empty where everything was.
        images: number of images of each split.
        candidates: pairs that were looked at.
        computed: image files that were decoded; the others came from the cache.
        files: path -> SHA-256 of the file; a path that could not be read is absent.
        unlikely: those of the notes that tell of candidates farther away than others.
    """

    errors: tuple[str, ...]
    overlaps: tuple[ExactOverlap, ...]
    pairs: tuple[NearDuplicate, ...]
    notes: tuple[str, ...]
    images: Mapping[str, int]
    candidates: int
    computed: int
    files: Mapping[str, str] = field(default_factory=dict)
    unlikely: tuple[str, ...] = ()

    def together(self) -> list[tuple[str, str]]:
        """The ids of each near-duplicate pair, for `draw_split` to keep in one split."""
        return [(pair.first_id, pair.second_id) for pair in self.pairs]

    def lines(self, most: int = _LISTED) -> list[str]:
        """The report as text; of the pairs the first `most`, with the number of the others."""
        counts = ', '.join(f'{name} {number}'.strip() for name, number in self.images.items())
        lines = [f'Compared by content: {counts} images.']
        lines += [f'Error: {error}' for error in self.errors]
        if self.pairs:
            kinds = Counter(pair.kind for pair in self.pairs)
            parts = ', '.join(f'{number} {kind}' for kind, number in sorted(kinds.items()))
            lines.append(f'{_pairs(len(self.pairs))} of near-duplicates: {parts}.')
            lines += [f'  {pair.line()}' for pair in self.pairs[:most]]
            if len(self.pairs) > most:
                lines.append(f'  and {_pairs(len(self.pairs) - most)} more')
        elif not self.errors:
            lines.append('No image is shared, and no near-duplicates were found.')
        else:
            lines.append('No near-duplicates were found besides.')
        return lines + [f'Note: {note}' for note in self.notes]


def plain(text: str) -> str:
    """The text with what could steer a terminal made visible."""
    return ''.join(c if c.isprintable() else c.encode('unicode_escape').decode() for c in text)


def _pairs(number: int) -> str:
    return '1 pair' if number == 1 else f'{number} pairs'
