"""The table of classes, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmholdout.report.inert import inert, width
from mmholdout.report.metric_text import metric_text

_COLUMNS = ('class', 'gts', 'dets', 'AP', 'precision', 'recall')
_METRICS = ('AP', 'precision', 'recall')
_NAME_COLUMNS = 40  # a longer class name is cut


def per_class_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Aligned lines, one per row; `class` to the left, numbers to the right.

    Args:
        rows: any of `class`, `gts`, `dets` (counts), `AP`, `precision`, `recall` (in [0, 1]).
            What a row lacks, or holds as None, stays blank; a column that all lack is left out.
            Class names are rendered inert (`inert.inert`).
    """
    columns = [c for c in _COLUMNS if any(row.get(c) is not None for row in rows)]
    if not columns:
        return ''
    cells = [columns] + [[_cell(column, row.get(column)) for column in columns] for row in rows]
    widths = [max(width(line[i]) for line in cells) for i in range(len(columns))]
    lines = ['  '.join(_pad(c, t, w) for c, t, w in zip(columns, line, widths)) for line in cells]
    lines.insert(1, '  '.join('-' * w for w in widths))
    return '\n'.join(line.rstrip() for line in lines)


def _cell(column: str, value: Any) -> str:
    if value is None:
        return ''
    return (
        metric_text(float(value), digits=3)
        if column in _METRICS
        else inert(str(value), _NAME_COLUMNS)
    )


def _pad(column: str, text: str, columns: int) -> str:
    blanks = ' ' * (columns - width(text))
    return text + blanks if column == 'class' else blanks + text
