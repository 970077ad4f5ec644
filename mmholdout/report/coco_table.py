"""The tables of a COCO evaluation, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmholdout.report.inert import inert, width
from mmholdout.report.metric_text import metric_text

# key -> name, overlap, area, detections per image and class; the order is COCO's
_SUMMARY = {
    'coco_AP': ('AP', '0.50:0.95', 'all', '100'),
    'coco_AP50': ('AP', '0.50', 'all', '100'),
    'coco_AP75': ('AP', '0.75', 'all', '100'),
    'coco_AP_small': ('AP', '0.50:0.95', 'small', '100'),
    'coco_AP_medium': ('AP', '0.50:0.95', 'medium', '100'),
    'coco_AP_large': ('AP', '0.50:0.95', 'large', '100'),
    'coco_AR1': ('AR', '0.50:0.95', 'all', '1'),
    'coco_AR10': ('AR', '0.50:0.95', 'all', '10'),
    'coco_AR100': ('AR', '0.50:0.95', 'all', '100'),
    'coco_AR_small': ('AR', '0.50:0.95', 'small', '100'),
    'coco_AR_medium': ('AR', '0.50:0.95', 'medium', '100'),
    'coco_AR_large': ('AR', '0.50:0.95', 'large', '100'),
}
_NAME_COLUMNS = 32  # a longer class name is cut
_EXACT = 12  # decimals beside the official code, where 1e-9 matters


def summary_table(ours: Mapping[str, float], official: Mapping[str, float] | None = None) -> str:
    """COCO's twelve numbers; '-' where one is not defined.

    Args:
        ours: metric keys without a split's prefix.
        official: pycocotools' numbers under the same keys, shown beside ours with the difference.
    """
    head = ['', 'IoU', 'area', 'max dets', 'value']
    if official is not None:
        head = [*head[:-1], 'mmholdout', 'pycocotools', 'difference']
    lines = [head]
    for key, words in _SUMMARY.items():
        if official is None:
            lines.append([*words, _cell(ours.get(key))])
            continue
        mine, theirs = ours.get(key), official.get(key)
        apart = None if mine is None or theirs is None else mine - theirs
        lines.append(
            [
                *words,
                *(_dash(value, f'.{_EXACT}f') for value in (mine, theirs)),
                _dash(apart, '.1e'),
            ]
        )
    return aligned(lines, left=3)


def largest_difference(ours: Mapping[str, float], official: Mapping[str, float]) -> float:
    """Over the twelve; infinite where only one of the two is defined."""
    apart = [0.0]
    for key in _SUMMARY:
        mine, theirs = ours.get(key), official.get(key)
        if mine is not None and theirs is not None:
            apart.append(abs(mine - theirs))
        elif (mine is None) != (theirs is None):
            apart.append(float('inf'))
    return max(apart)


def coco_class_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """One line per class under the rows' own names; the first column holds the class.

    Counts are shown as they are, other numbers with three decimals; '-' where one is not
    defined. Class names are rendered inert.
    """
    if not rows:
        return ''
    columns = list(rows[0])
    body = [
        [inert(str(row[columns[0]]), _NAME_COLUMNS), *(_cell(row[c]) for c in columns[1:])]
        for row in rows
    ]
    return aligned([columns, *body], left=1)


def aligned(lines: Sequence[Sequence[str]], left: int) -> str:
    """Columns under a head, the first `left` of them to the left and the others to the right."""
    widths = [max(width(line[i]) for line in lines) for i in range(len(lines[0]))]
    texts = []
    for line in [lines[0], ['-' * columns for columns in widths], *lines[1:]]:
        cells = []
        for place, (text, columns) in enumerate(zip(line, widths, strict=True)):
            blanks = ' ' * (columns - width(text))
            cells.append(text + blanks if place < left else blanks + text)
        texts.append('  '.join(cells).rstrip())
    return '\n'.join(texts)


def _cell(value: float | None) -> str:
    if value is None or isinstance(value, int):
        return _dash(value, 'd')
    # a sum of a hundred times 1/101 falls short of 1 in the last bit, at pycocotools too
    return metric_text(round(value, _EXACT), digits=3)


def _dash(value: float | None, form: str) -> str:
    return '-' if value is None else format(value, form)
