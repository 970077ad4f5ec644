"""What a detection set holds: objects of each class, their sizes and shapes, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmholdout.report.inert import inert, width

# COCO's limits of small, medium and large: the side of a square, in px.
SMALL, LARGE = 32.0, 96.0
SIZES = ('small', 'medium', 'large')
QUANTILES = (0.05, 0.5, 0.95)
_NAME_COLUMNS = 40


@dataclass(frozen=True, eq=False)
class SplitStats:
    """The objects of one split.

    Attributes:
        sizes: (images, 2) width and height in px.
        bboxes: (N, 4) xyxy in px.
        labels: (N,) from 0.
        owners: (N,) the image of each.
        ignored: (N,) bool: difficult objects and crowds.
    """

    sizes: NDArray[np.float64]
    bboxes: NDArray[np.float64]
    labels: NDArray[np.int64]
    owners: NDArray[np.int64]
    ignored: NDArray[np.bool_]

    @property
    def sides(self) -> NDArray[np.float64]:
        """(N,) side of the square of a box's area, in px."""
        spans = self.bboxes[:, 2:] - self.bboxes[:, :2]
        found: NDArray[np.float64] = np.sqrt(spans.prod(axis=1))
        return found

    @property
    def ratios(self) -> NDArray[np.float64]:
        """(N,) width by height."""
        spans = self.bboxes[:, 2:] - self.bboxes[:, :2]
        found: NDArray[np.float64] = spans[:, 0] / spans[:, 1]
        return found

    @property
    def per_image(self) -> NDArray[np.int64]:
        """(images,) number of objects."""
        return np.bincount(self.owners, minlength=len(self.sizes)).astype(np.int64)

    @property
    def shares(self) -> NDArray[np.float64]:
        """(N,) share of its image's area that a box covers."""
        areas = self.sizes.prod(axis=1)[self.owners]
        found: NDArray[np.float64] = self.sides**2 / areas
        return found


def stats_text(classes: Sequence[str], splits: Mapping[str, SplitStats]) -> str:
    """Two tables: objects of each class, and the rest; a column for each split."""
    first = [['objects', *splits]]
    for label, name in enumerate(classes):
        counts = [str(int((one.labels == label).sum())) for one in splits.values()]
        first.append([inert(name, _NAME_COLUMNS), *counts])
    first.append(['all', *(str(len(one.labels)) for one in splits.values())])
    columns = [_rows(one) for one in splits.values()]
    second = [['', *splits]]
    second += [[name, *(column[name] for column in columns)] for name in columns[0]]
    return f'{_table(first)}\n\n{_table(second)}'


def _rows(one: SplitStats) -> dict[str, str]:
    widths, heights = one.sizes[:, 0], one.sizes[:, 1]
    bins = np.digitize(one.sides, (SMALL, LARGE))
    rows = {
        'images': str(len(one.sizes)),
        'images without objects': str(int((one.per_image == 0).sum())),
        'difficult objects and crowds': str(int(one.ignored.sum())),
        'width of an image, px': _range(widths),
        'height of an image, px': _range(heights),
        'objects in an image': _quantiles(one.per_image.astype(np.float64)),
        'side of a box, px': _quantiles(one.sides),
        'share of the image, %': _quantiles(100 * one.shares),
        'width : height': _quantiles(one.ratios),
    }
    limits = (f'below {SMALL:g} px', f'{SMALL:g} to {LARGE:g} px', f'from {LARGE:g} px')
    for place, (size, limit) in enumerate(zip(SIZES, limits)):
        rows[f'{size} ({limit})'] = str(int((bins == place).sum()))
    return rows


def _range(values: NDArray[np.float64]) -> str:
    if not len(values):
        return '-'
    low, high = values.min(), values.max()
    return f'{low:g}' if low == high else f'{low:g}-{high:g}'


def _quantiles(values: NDArray[np.float64]) -> str:
    if not len(values):
        return '-'
    return ' / '.join(f'{value:.3g}' for value in np.quantile(values, QUANTILES))


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for first, *others in rows:
        cells = [first + ' ' * (widths[0] - width(first))]
        cells += [' ' * (w - width(cell)) + cell for w, cell in zip(widths[1:], others)]
        lines.append('  '.join(cells).rstrip())
    return '\n'.join(lines)
