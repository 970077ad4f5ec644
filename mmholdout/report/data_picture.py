"""What a detection set holds, drawn: classes, sizes, shapes, objects in an image."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mmholdout.history.atomic import write_bytes
from mmholdout.report.data_stats import LARGE, SMALL, SplitStats
from mmholdout.report.inert import inert

_COLOURS = {'train': '#1a73e8', 'val': '#e8710a', 'test': '#5f6368'}
_MOST_CLASSES = 40  # that have a bar of their own; the rest is one bar
_BINS = 24
_NAME_COLUMNS = 18


def draw_stats(
    classes: Sequence[str], splits: Mapping[str, SplitStats], path: Path, title: str = ''
) -> None:
    """Write the picture atomically, at 1500 x 1200 pixels or, with many classes, higher.

    All panels but the last show shares of a split's objects, so that splits of different size
    can be compared; the last shows shares of its images.

    Args:
        classes: names in label order.
        splits: by name.
        path: of the PNG file.
        title: plain text; a line above the panels.
    """
    import matplotlib as mpl  # 0.3 s that only a drawing command pays

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter('ignore')  # a name in letters that the font lacks
        mpl.rcdefaults()
        mpl.rcParams.update({'text.usetex': False, 'font.size': 9, 'axes.axisbelow': True})
        figure = _figure(classes, splits, title)
        buffer = io.BytesIO()
        figure.savefig(buffer, format='png', dpi=150)
    write_bytes(path, buffer.getvalue())


def _figure(classes: Sequence[str], splits: Mapping[str, SplitStats], title: str) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    bars = min(len(classes), _MOST_CLASSES + 1)
    figure = Figure(figsize=(10, max(8.0, 4 + 0.3 * bars)), layout='constrained')
    FigureCanvasAgg(figure)
    ((top, sides), (ratios, images)) = figure.subplots(2, 2)
    _draw_classes(top, classes, splits)
    _histogram(sides, splits, lambda one: one.sides, 'side of a box (root of its area), px')
    for limit in (SMALL, LARGE):
        sides.axvline(limit, color='#bdc1c6', linestyle=':', zorder=0)
    _histogram(ratios, splits, lambda one: one.ratios, 'width : height of a box')
    _draw_images(images, splits)
    for axes in (top, sides, ratios, images):
        axes.spines[['top', 'right']].set_visible(False)
    top.legend(frameon=False)
    if title:
        figure.suptitle(inert(title, 90), fontsize=11, parse_math=False)
    return figure


def _colour(split: str) -> str:
    return _COLOURS.get(split, '#007b83')


def _draw_classes(axes: Any, classes: Sequence[str], splits: Mapping[str, SplitStats]) -> None:
    counts = {s: np.bincount(one.labels, minlength=len(classes)) for s, one in splits.items()}
    total = np.sum(list(counts.values()), axis=0)
    order = np.argsort(-total, kind='stable')
    shown, rest = order[:_MOST_CLASSES], order[_MOST_CLASSES:]
    # A `$` in a name would begin a formula.
    names = [inert(classes[i], _NAME_COLUMNS).replace('$', r'\$') for i in shown]
    names += [f'{len(rest)} others'] if len(rest) else []
    height = 0.8 / max(1, len(splits))
    for place, (split, found) in enumerate(counts.items()):
        held = [*found[shown], *([found[rest].sum()] if len(rest) else [])]
        values = 100 * np.array(held) / max(1, found.sum())
        at = np.arange(len(values)) + (place - (len(splits) - 1) / 2) * height
        axes.barh(at, values, height, color=_colour(split), label=f'{split}: {found.sum()} objects')
    axes.set_yticks(np.arange(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel('% of the objects of a split')


def _histogram(
    axes: Any,
    splits: Mapping[str, SplitStats],
    values_of: Callable[[SplitStats], NDArray[np.float64]],
    label: str,
) -> None:
    """On a logarithmic axis, with the same bins for all splits."""
    values = {split: values_of(one) for split, one in splits.items()}
    every = np.concatenate([*values.values(), np.ones(0)])
    every = every[np.isfinite(every) & (every > 0)]
    if len(every):
        low, high = every.min() / 1.05, every.max() * 1.05
        edges = np.geomspace(low, high, _BINS + 1)
        for split, found in values.items():
            if len(found):
                weights = np.full(len(found), 100 / len(found))
                style = {'histtype': 'step', 'color': _colour(split), 'linewidth': 1.4}
                axes.hist(found, edges, weights=weights, **style)
        axes.set_xscale('log')
        axes.xaxis.set_major_formatter('{x:g}')
    axes.set_xlabel(label)
    axes.set_ylabel('% of the objects')


def _draw_images(axes: Any, splits: Mapping[str, SplitStats]) -> None:
    most = max((int(one.per_image.max(initial=0)) for one in splits.values()), default=0)
    step = max(1, -(-(most + 1) // _BINS))
    edges = np.arange(0, most + 1 + step, step) - 0.5
    for split, one in splits.items():
        if len(one.sizes):
            weights = np.full(len(one.sizes), 100 / len(one.sizes))
            style = {'histtype': 'step', 'color': _colour(split), 'linewidth': 1.4}
            axes.hist(one.per_image, edges, weights=weights, **style)
    axes.set_xlabel('objects in an image')
    axes.set_ylabel('% of the images')
