"""A run in words and one picture, from the files in its folder."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from mmholdout.errors import RunFolderError
from mmholdout.history.jsonl import History
from mmholdout.report.coco_line import coco_line
from mmholdout.report.curves import draw_curves
from mmholdout.report.line import plain_line, summary_line
from mmholdout.report.overfitting import find_overfitting
from mmholdout.report.split_text import split_sentences
from mmholdout.report.summary import Summary, read_summary

Mode = Literal['max', 'min']


def run_report(
    folder: str | Path,
    iou_thr: float = 0.5,
    monitor: str = 'val/mAP',
    mode: Mode | None = 'max',
) -> str:
    """One line a validation, then why the run stopped; draws curves.png again.

    A run that is under way or was killed has no summary.json: what its history holds is shown,
    with the best value as far as it got.

    Args:
        folder: of the run.
        iou_thr: overlap of mAP, as configured.
        monitor: full key that chooses the best model; summary.json comes before it.
        mode: 'max' or 'min'; None where nobody knows, then no best is named.

    Raises:
        RunFolderError: no history there.
    """
    path = Path(folder)
    rows = History(path / 'history.jsonl').rows
    if not rows:
        raise RunFolderError(f'{path} holds no run: {path / "history.jsonl"} is missing or empty')
    summary = read_summary(path / 'summary.json') if (path / 'summary.json').is_file() else None
    if summary and summary.monitor:
        mode = summary.mode or (mode if summary.monitor == monitor else None)
        monitor = summary.monitor
    best_value, best_epoch = _best(rows, monitor, mode)
    lines = []
    for i, row in enumerate(rows):
        if any(key.startswith('val/') for key in row):
            value, epoch = _best(rows[: i + 1], monitor, mode)
            lines.append(summary_line(row, value, epoch, monitor, iou_thr))
            coco = coco_line(row)
            lines += [f'  {coco}'] if coco else []
    if not any(key.startswith('val/') for row in rows for key in row):
        lines += [plain_line(row) for row in rows]
    lines.append(_ending(rows, summary))
    if summary and summary.refit_of:
        lines.append(
            f'refit of {summary.refit_of} on train and val: nothing was validated, and its epochs '
            'and rates are those that validation chose there'
        )
    lines += split_sentences(_separation(path / 'separation.json'))
    overfitting = find_overfitting(rows, monitor=monitor, mode=mode) if mode else None
    if overfitting is not None:
        lines.append(overfitting.sentence())
    draw_curves(
        rows,
        path / 'curves.png',
        monitor=monitor,
        best_epoch=best_epoch,
        stopped_epoch=summary.stopped_epoch if summary else None,
        lr_cuts=summary.lr_cuts if summary else (),
        title=path.resolve().name,
    )
    if best_value is not None:
        lines.append(f'best {monitor} = {best_value:.4f} at epoch {best_epoch}')
    elif mode is None and not (summary and summary.refit_of):
        lines.append(f'best: not told, for only the metric knows which way {monitor} is better')
    lines.append(f'curves: {path / "curves.png"}')
    return '\n'.join(lines)


def _separation(path: Path) -> dict[str, Any] | None:
    """What was found when the splits were compared; None for a run of an earlier version."""
    try:
        stored = json.loads(path.read_text(encoding='utf-8'))
        split_sentences(stored)  # whether it has all that is told
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunFolderError(f'{path} cannot be read: {error!r}') from error
    return dict(stored)


def _best(
    rows: Sequence[dict[str, Any]], monitor: str, mode: Mode | None
) -> tuple[float | None, int | None]:
    """The best value in the rows and its first epoch."""
    seen = [(r[monitor], r['epoch']) for r in rows if math.isfinite(r.get(monitor, math.nan))]
    if not seen or mode is None:
        return None, None
    value = (min if mode == 'min' else max)(value for value, _ in seen)
    return value, next(epoch for v, epoch in seen if v == value)


def _ending(rows: Sequence[dict[str, Any]], summary: Summary | None) -> str:
    if summary is None:
        return f'no summary.json: the run goes on or was killed after epoch {rows[-1]["epoch"]}'
    message = f' ({summary.message})' if summary.message else ''
    return f'stopped: {summary.stop_reason} after epoch {summary.stopped_epoch}{message}'
