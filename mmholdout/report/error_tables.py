"""Tables of what goes wrong, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mmholdout.report.coco_table import aligned
from mmholdout.report.inert import inert
from mmholdout.report.metric_text import metric_text

_MOST_CLASSES = 12  # a wider matrix is read by nobody; the largest entries are listed instead
_LISTED = 10
_NAME_COLUMNS = 20
BACKGROUND = 'background'


def error_type_table(
    meanings: Mapping[str, str], counts: Mapping[str, int], costs: Mapping[str, float]
) -> str:
    """One line per type of error: its count, and the AP that its repair alone would give.

    Args:
        meanings: type -> words, in the order of the lines.
        counts: of each type.
        costs: of each type, shares of 1; empty where there was nothing to find.
    """
    lines = [['type', 'meaning', 'errors', 'AP lost']]
    for kind, meaning in meanings.items():
        cost = costs.get(kind)
        shown = '-' if cost is None else metric_text(cost, digits=3)
        lines.append([kind, meaning, str(counts.get(kind, 0)), shown])
    return aligned(lines, left=2)


def confusion_table(counts: Sequence[Sequence[int]], classes: Sequence[str]) -> str:
    """True classes in rows, detected ones in columns, the background last in both.

    More than twelve classes: the ten most frequent confusions, background included.

    Args:
        counts: (K + 1) x (K + 1).
        classes: K names in label order; rendered inert.
    """
    names = [*(inert(name, _NAME_COLUMNS) for name in classes), BACKGROUND]
    if len(classes) > _MOST_CLASSES:
        return _most_frequent(counts, names)
    head = ['true \\ detected', *names]
    body = [[name, *(str(count) for count in row)] for name, row in zip(names, counts)]
    body[-1][-1] = '-'  # nothing taken for nothing cannot be counted
    return aligned([head, *body], left=1)


def _most_frequent(counts: Sequence[Sequence[int]], names: Sequence[str]) -> str:
    wrong = [
        (int(count), row, column)
        for row, of_class in enumerate(counts)
        for column, count in enumerate(of_class)
        if row != column and count
    ]
    wrong.sort(key=lambda entry: (-entry[0], entry[1:]))
    lines = [['true', 'detected as', 'times']]
    lines += [[names[row], names[column], str(count)] for count, row, column in wrong[:_LISTED]]
    rest = len(wrong) - _LISTED
    return aligned(lines, left=2) + (f'\nand {rest} other pairs' if rest > 0 else '')


def size_table(rows: Sequence[tuple[str, int, float | None, float | None]]) -> str:
    """Objects, AP and recall of each size bin; '-' where no object has the size."""
    lines = [['side in px', 'objects', 'AP', 'recall']]
    for name, gts, *values in rows:
        shown = ['-' if value is None else metric_text(value, digits=3) for value in values]
        lines.append([name, str(gts), *shown])
    return aligned(lines, left=1)


def class_threshold_table(rows: Sequence[tuple[str, float, float, float, float]]) -> str:
    """One line per class: its score threshold, and precision, recall and F1 there."""
    lines = [['class', 'score', 'precision', 'recall', 'F1']]
    for name, *values in rows:
        shown = [metric_text(value, digits=3) for value in values]
        lines.append([inert(name, _NAME_COLUMNS), *shown])
    return aligned(lines, left=1)
