"""The fit of priors in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmholdout.priors.coverage import ENOUGH, ClassFit

_WIDEST = 40  # columns of a class name


def fit_table(fits: Sequence[ClassFit]) -> str:
    """One aligned line per class: share, number of boxes, mean best IoU, median size."""
    rows = [('class', 'fitted', 'boxes', 'mean best IoU', 'median size')]
    for fit in fits:
        rows.append(
            (
                class_name(fit),
                percent(fit.share),
                f'{fit.boxes}',
                _ratio(fit.mean_iou),
                pixels(fit.size),
            )
        )
    return _aligned(rows)


def comparison_table(before: Sequence[ClassFit], after: Sequence[ClassFit]) -> str:
    """One aligned line per class: share and mean best IoU before and after."""
    rows = [('class', 'boxes', 'median size', 'fitted', '', 'mean best IoU', '')]
    for old, new in zip(before, after):
        rows.append(
            (
                class_name(old),
                f'{old.boxes}',
                pixels(old.size),
                percent(old.share),
                f'-> {percent(new.share)}',
                _ratio(old.mean_iou),
                f'-> {_ratio(new.mean_iou)}',
            )
        )
    return _aligned(rows)


def fit_warnings(fits: Sequence[ClassFit], threshold: str) -> list[str]:
    """One sentence for each class of which less than 80 % is fitted, beyond chance.

    Args:
        fits: of all classes.
        threshold: in words, such as 'IoU >= 0.5'.
    """
    return [
        f'{class_name(fit)}: {percent(fit.share)} of {fit.boxes} boxes have a prior of '
        f'{threshold}; median object {pixels(fit.size)}, most similar prior {pixels(fit.prior)} '
        f'at stride {fit.stride:g} (IoU {fit.prior_iou:.2f} on one centre); '
        'try tools/prepare_data.py priors CONFIG'
        for fit in fits
        if fit.surely_unfit
    ]


def percent(share: float | None) -> str:
    """A share in whole percent, never rounded up to 100 or to the limit of the warning."""
    if share is None:
        return '-'
    whole = round(100 * share)
    if share < 1 and whole == 100:
        return f'{int(1000 * share) / 10:g} %'
    if share < ENOUGH <= whole / 100:
        return f'{int(1000 * share) / 10:g} %'
    if share > 0 and whole == 0:
        return '< 1 %'
    return f'{whole} %'


def pixels(size: tuple[float, float] | None) -> str:
    """Width and height, whole pixels from 10 on."""
    if size is None:
        return '-'
    return ' x '.join(f'{side:.0f}' if side >= 10 else f'{side:.1f}' for side in size) + ' px'


def size_range(images: NDArray[np.int64]) -> str:
    """Width and height of the model's input, (N, 2); a range where they differ."""
    if not len(images):
        return 'no image'
    low, high = images.min(axis=0), images.max(axis=0)
    sides = [f'{a}' if a == b else f'{a}-{b}' for a, b in zip(low, high)]
    return f'{" x ".join(sides)} px'


def _ratio(value: float | None) -> str:
    return '-' if value is None else f'{value:.2f}'


def class_name(fit: ClassFit) -> str:
    """On one line and not too long, whatever the data set calls it."""
    shown = ''.join(c if c.isprintable() else '?' for c in fit.name)
    return shown if len(shown) <= _WIDEST else shown[: _WIDEST - 3] + '...'


def _aligned(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        '  '.join(t.ljust(w) if i == 0 else t.rjust(w) for i, (t, w) in enumerate(zip(row, widths)))
        for row in rows
    ]
    return '\n'.join(line.rstrip() for line in lines)
