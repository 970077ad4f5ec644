"""`curves.png`: the run so far in three panels, redrawn after each validation."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mmholdout.history.atomic import write_bytes
from mmholdout.report.inert import inert

Row = Mapping[str, Any]
Points = list[tuple[float, float]]

_INK = '#3c4043'
_LOSSES = {
    'train/loss': ('train (augmented)', '#9aa0a6'),
    'train_eval/loss': ('train_eval', '#1a73e8'),
    'val/loss': ('val', '#d93025'),
}
_METRICS = {
    'val/mAP': ('mAP', '#188038'),
    'val/precision': ('precision', '#f29900'),
    'val/recall': ('recall', '#8430ce'),
}
_MARKS = {
    'best': {'color': '#188038', 'linestyle': '-', 'linewidth': 1.0, 'alpha': 0.8},
    'rate cut': {'color': '#5f6368', 'linestyle': ':', 'linewidth': 1.2},
    'stop': {'color': '#d93025', 'linestyle': '--', 'linewidth': 1.0},
}
_TITLE_COLUMNS = 90
_NAME_COLUMNS = 20  # a longer monitor is cut in the legend
_SPREAD = 20.0  # largest / smallest loss from which on a linear axis hides the end of a run


def draw_curves(
    rows: Sequence[Row],
    path: Path | str,
    *,
    monitor: str = 'val/mAP',
    best_epoch: int | None = None,
    stopped_epoch: int | None = None,
    lr_cuts: Sequence[float] = (),
    title: str = '',
) -> None:
    """Write the picture atomically, at 1350 x 1200 pixels.

    The panels: losses of train, train_eval and val; mAP with a band for its 95 % interval,
    precision and recall, and the monitor if it is none of these; the learning rate. Neighbouring
    validations are joined by a line, and each is a dot, so that a single one shows and none is
    invented between two.

    Args:
        rows: the history. Its x axis is the epoch, or the iteration where several rows share
            an epoch.
        path: of the PNG file.
        monitor: key of the value that chooses the best epoch.
        best_epoch: marked in all panels, as are the two below.
        stopped_epoch: epoch after which training stopped; None while it runs.
        lr_cuts: epochs after whose validation the rate was cut.
        title: plain text; a line above the panels.
    """
    import matplotlib as mpl  # 0.3 s that only a drawing run pays

    # The user's matplotlibrc (LaTeX, dark style) must neither break nor change the picture.
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.simplefilter('ignore')  # a title in letters that the font lacks
        mpl.rcdefaults()
        mpl.rcParams.update(_style())
        figure = _figure(rows, monitor, best_epoch, stopped_epoch, lr_cuts, title)
        buffer = io.BytesIO()
        figure.savefig(buffer, format='png', dpi=150)
    write_bytes(Path(path), buffer.getvalue())


def _style() -> dict[str, Any]:
    return {
        'text.usetex': False,  # a user's own setting would hand names to TeX
        'font.size': 9,
        'axes.edgecolor': '#bdc1c6',
        'axes.labelcolor': _INK,
        'xtick.color': _INK,
        'ytick.color': _INK,
        'text.color': _INK,
        'axes.spines.top': False,
        'axes.spines.right': False,
        'axes.grid': True,
        'grid.color': '#eceff1',
        'axes.axisbelow': True,
        'legend.frameon': False,
        'legend.fontsize': 8,
    }


def _figure(
    rows: Sequence[Row],
    monitor: str,
    best_epoch: int | None,
    stopped_epoch: int | None,
    lr_cuts: Sequence[float],
    title: str,
) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(9, 8))  # placed by hand: a layout engine draws everything twice
    FigureCanvasAgg(figure)
    figure.subplots_adjust(left=0.09, right=0.81, top=0.94, bottom=0.065, hspace=0.09)
    losses, metrics, rate = figure.subplots(
        3, 1, sharex=True, gridspec_kw={'height_ratios': [3, 3, 1.5]}
    )
    x_of, x_label = _axis(rows)
    loss_lines = dict(_LOSSES)
    metric_lines = dict(_METRICS)
    if monitor not in loss_lines and monitor not in metric_lines:
        # A class name may hold a `$`, which would begin a formula.
        name = inert(monitor.removeprefix('val/'), _NAME_COLUMNS).replace('$', r'\$')
        is_loss = monitor.rpartition('/')[2].startswith('loss')
        (loss_lines if is_loss else metric_lines)[monitor] = (name, '#007b83')

    drawn = _draw_lines(losses, rows, x_of, loss_lines)
    scale = _loss_scale([y for _, y in drawn])
    losses.set(ylabel='loss' if scale == 'linear' else 'loss (log)', yscale=scale)
    _draw_lines(metrics, rows, x_of, metric_lines)
    _draw_band(metrics, rows, x_of, 'val/mAP', metric_lines['val/mAP'][1])
    metrics.set(ylabel='on val', ylim=(-0.02, 1.02))
    if not any(key.startswith('val/') for row in rows for key in row):
        middle = {'transform': metrics.transAxes, 'ha': 'center', 'va': 'center'}
        metrics.text(0.5, 0.5, 'nothing was validated', color='#9aa0a6', **middle)
    steps = _points(rows, 'lr', x_of)
    # A row's rate is the one its epoch was trained with, so the step lies before the point.
    rate.plot(*_columns(steps), color=_INK, drawstyle='steps-pre', **_dots(len(steps)))
    if any(y > 0 for _, y in steps):
        rate.set_yscale('log')
    rate.set(ylabel='learning rate', xlabel=x_label)

    _draw_marks((losses, metrics, rate), rows, x_of, best_epoch, stopped_epoch, lr_cuts)
    for axes in (losses, metrics, rate):
        axes.yaxis.set_label_coords(-0.09, 0.5)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc='center left', bbox_to_anchor=(1.0, 0.5), handlelength=1.6)
    xs = [x_of(row) for row in rows]
    low, high = (min(xs), max(xs)) if xs else (0.0, 1.0)
    margin = max(0.02 * (high - low), 0.5)
    rate.set_xlim(low - margin, high + margin)
    rate.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
    if title:
        figure.suptitle(inert(title, _TITLE_COLUMNS), fontsize=11, parse_math=False)
    return figure


def _axis(rows: Sequence[Row]) -> tuple[Callable[[Row], float], str]:
    epochs = [row['epoch'] for row in rows]
    if len(set(epochs)) == len(epochs):
        return lambda row: float(row['epoch']), 'epoch'
    return lambda row: float(row['iter']), 'iteration'


def _points(rows: Sequence[Row], key: str, x_of: Callable[[Row], float]) -> Points:
    """The finite values of a key; rows without it are no points, and so no gaps in the line."""
    held = ((x_of(row), row.get(key)) for row in rows)
    return [(x, float(y)) for x, y in held if isinstance(y, (int, float)) and math.isfinite(y)]


def _columns(points: Points) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _dots(number: int) -> dict[str, Any]:
    return {'marker': 'o', 'markersize': 5 if number <= 3 else 3 if number <= 40 else 2}


def _draw_lines(
    axes: Any,
    rows: Sequence[Row],
    x_of: Callable[[Row], float],
    lines: Mapping[str, tuple[str, str]],
) -> Points:
    drawn: Points = []
    for key, (label, colour) in lines.items():
        points = _points(rows, key, x_of)
        if points:
            style = _dots(len(points))
            axes.plot(*_columns(points), color=colour, label=label, linewidth=1.4, **style)
            drawn += points
    return drawn


def _draw_band(
    axes: Any, rows: Sequence[Row], x_of: Callable[[Row], float], key: str, colour: str
) -> None:
    """The 95 % interval, through the validations that have one."""
    ends = (f'{key}_low', f'{key}_high')
    both = [row for row in rows if all(isinstance(row.get(end), (int, float)) for end in ends)]
    if both:
        low, high = ([float(row[end]) for row in both] for end in ends)
        xs = [x_of(row) for row in both]
        axes.fill_between(xs, low, high, color=colour, alpha=0.15, linewidth=0, label='95 % of mAP')
        if len(both) == 1:  # a band without width does not show
            axes.vlines(xs, low, high, color=colour, alpha=0.4)


def _loss_scale(values: Sequence[float]) -> str:
    wide = values and min(values) > 0 and max(values) > _SPREAD * min(values)
    return 'log' if wide else 'linear'


def _draw_marks(
    panels: Sequence[Any],
    rows: Sequence[Row],
    x_of: Callable[[Row], float],
    best_epoch: int | None,
    stopped_epoch: int | None,
    lr_cuts: Sequence[float],
) -> None:
    """Vertical lines through all panels; the last panel holds their legend."""
    x_by_epoch = {row['epoch']: x_of(row) for row in rows}  # the last row of an epoch
    marks = [('rate cut', epoch) for epoch in lr_cuts]
    marks += [('best', best_epoch), ('stop', stopped_epoch)]  # type: ignore[list-item]
    named: set[str] = set()
    for kind, epoch in marks:
        if epoch not in x_by_epoch:
            continue
        label = {'best': f'best, epoch {epoch}', 'stop': f'stop, epoch {epoch}'}.get(kind, kind)
        for axes in panels:
            shown = label if axes is panels[-1] and kind not in named else '_nolegend_'
            axes.axvline(x_by_epoch[epoch], label=shown, zorder=1, **_MARKS[kind])
        named.add(kind)
