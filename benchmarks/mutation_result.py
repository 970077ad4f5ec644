"""What became of the mutants: rates with their intervals, as a table."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from mutation_mutants import Mutant


@dataclass(frozen=True)
class Result:
    """One mutant; `outcome` is killed, survived or timeout."""

    path: str
    line: int
    number: int
    kind: str
    change: str
    outcome: str
    seconds: float

    @classmethod
    def of(cls, mutant: Mutant, outcome: str, seconds: float) -> Result:
        """Of a mutant that ran."""
        return cls(
            mutant.path,
            mutant.line,
            mutant.number,
            mutant.kind,
            mutant.change,
            outcome,
            round(seconds, 3),
        )

    @property
    def found(self) -> bool:
        """The tests saw it; a test that no longer ends is seen as well."""
        return self.outcome != 'survived'

    def __str__(self) -> str:
        return f'{self.outcome:8} {self.path}:{self.line} {self.kind}: {self.change}'


def wilson(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    rate = hits / of
    middle = rate + z * z / (2 * of)
    half = z * math.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def row(name: str, results: Sequence[Result], population: int) -> str:
    """A line of the table; the interval only where a sample ran."""
    counted = Counter(r.outcome for r in results)
    found, of = sum(r.found for r in results), len(results)
    rate = f'{100 * found / of:.1f} %' if of else '-'
    if of < population:
        low, high = wilson(found, of)
        rate += f' ({100 * low:.1f} to {100 * high:.1f} %, {of} of {population})'
    seconds = sum(r.seconds for r in results)
    return (
        f'| {name} | {of} | {counted["killed"]} | {counted["timeout"]} | {counted["survived"]} '
        f'| {rate} | {seconds / 60:.1f} |'
    )


HEAD = (
    '| | mutants | killed | timeout | survived | killed or timeout | minutes |\n'
    '| --- | --- | --- | --- | --- | --- | --- |'
)


def write(path: Path, results: Iterable[Result]) -> None:
    """All results as JSON, one a line."""
    lines = (json.dumps(asdict(r), ensure_ascii=False) for r in results)
    path.write_text(''.join(f'{line}\n' for line in lines), encoding='utf-8')


def read(path: Path) -> list[Result]:
    """What `write` wrote."""
    lines = path.read_text(encoding='utf-8').splitlines()
    return [Result(**json.loads(line)) for line in lines]
