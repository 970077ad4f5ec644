"""Rows of a table of what was measured beside what was aimed at, and its place in RESULTS.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = '<!-- bench -->', '<!-- end of bench -->'


@dataclass(frozen=True)
class Row:
    """One measurement.

    Attributes:
        what: with its unit.
        peer: the other's figure, '-' where there is none.
        ours: our figure.
        ratio: None where nothing was measured; `ours` then says why.
        target: bound of the ratio; None where it only informs.
        at_least: whether the ratio is to be `target` or more; otherwise or less.
    """

    what: str
    peer: str
    ours: str
    ratio: float | None
    target: float | None
    at_least: bool

    @property
    def verdict(self) -> str:
        """'met', 'short', or 'not measured'; empty without a target."""
        if self.ratio is None:
            return 'not measured'
        if self.target is None:
            return ''
        met = self.ratio >= self.target if self.at_least else self.ratio <= self.target
        return 'met' if met else 'short'

    def __str__(self) -> str:
        ratio = '-' if self.ratio is None else f'{self.ratio:.2f}'
        sign = '>=' if self.at_least else '<='
        bound = '-' if self.target is None else f'{sign} {self.target:g}'
        cells = (self.what, self.peer, self.ours, ratio, bound, self.verdict)
        return f'| {" | ".join(cells)} |'


def render(rows: Sequence[Row], notes: Sequence[str]) -> str:
    """The table in Markdown, a line for each note below it."""
    head = ['| what | peer | ours | ratio | target | |', '|---|---|---|---|---|---|']
    return '\n'.join([*head, *map(str, rows), '', *notes])


def put(path: Path, text: str) -> None:
    """Write `text` between the marks of the file.

    Raises:
        ValueError: the file has not exactly one pair of marks.
    """
    whole = path.read_text(encoding='utf-8')
    if whole.count(BEGIN) != 1 or whole.count(END) != 1:
        raise ValueError(f'{path} needs one {BEGIN} and one {END} to put the table between')
    before, _, rest = whole.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f'{before}{BEGIN}\n{text}\n{END}{after}', encoding='utf-8')
