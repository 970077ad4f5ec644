"""What `test` says about its result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.metrics.bootstrap_intervals import Intervals
from mmholdout.metrics.tide import TIDE_TYPES
from mmholdout.report.coco_line import coco_line
from mmholdout.report.error_tables import class_threshold_table, error_type_table
from mmholdout.report.split_text import split_sentences
from mmholdout.report.table import per_class_table
from mmholdout.runner.refit_model import chosen_by_refit
from mmholdout.splits.test_uses import used

_SHOWN = ('mAP', 'precision', 'recall', 'F1')


def describe_test(
    checkpoint: Path,
    meta: dict[str, Any],
    metric: Any,
    metrics: dict[str, float],
    uses: int,
    ledger: Path,
    intervals: Intervals | None = None,
) -> str:
    """Which model, what chose it, the table of classes, the numbers, how often the split was used.

    Args:
        checkpoint: its file.
        meta: what the checkpoint carries besides weights.
        metric: that has measured it; its `result` and `split_result` are told where it has them.
        metrics: of the pass.
        uses: of this test split, this one included.
        ledger: its file.
        intervals: of the numbers, with reasons where there is none.
    """
    lines = [f'{checkpoint}: {_selected(meta)}']
    result = getattr(metric, 'result', None)
    if result is not None:
        rows = [
            {
                'class': row.name,
                'gts': row.gts,
                'dets': row.dets,
                'AP': row.ap,
                'precision': row.precision,
                'recall': row.recall,
            }
            for row in result.per_class
        ]
        lines.append(per_class_table(rows))
    shown = {name: metrics[f'test/{name}'] for name in _SHOWN if f'test/{name}' in metrics}
    lines.append('test: ' + ', '.join(f'{name} = {value:.4f}' for name, value in shown.items()))
    if coco := coco_line(metrics, 'test'):
        lines.append(f'test: {coco}')
    lines += _noise(intervals)
    lines += _errors(getattr(metric, 'split_result', None))
    lines += split_sentences(meta.get('splits'))
    lines.append(f'{used(uses)} ({ledger})')
    return '\n'.join(lines)


def _noise(intervals: Intervals | None) -> list[str]:
    if intervals is None:
        return []
    if 'mAP' in intervals.reasons:
        return [f'no interval of mAP is given: {intervals.reasons["mAP"]}']
    found = [(name, intervals.found[name]) for name in _SHOWN if name in intervals.found]
    shown = ', '.join(f'{name} {one.low:.3f} to {one.high:.3f}' for name, one in found)
    return [f'test, 95 % intervals over the images: {shown}']


def _errors(measured: Any) -> list[str]:
    """Types of errors, and each class at its own threshold, where these were asked for."""
    errors = getattr(measured, 'errors', None)
    if errors is None:
        return []
    rows = [
        (name, point.score_thr, point.precision, point.recall, point.f1)
        for name, point in zip(errors.classes, measured.class_points)
        if point is not None
    ]
    return [
        f'errors (IoU {errors.iou_thr:g})',
        error_type_table(TIDE_TYPES, errors.tide.counts, errors.tide.cost),
        'classes at their own score thresholds, which val chose (the common one where it chose '
        'none)',
        class_threshold_table(rows),
    ]


def _selected(meta: dict[str, Any]) -> str:
    chosen = meta.get('chosen') or {}
    if of_refit := chosen_by_refit(meta):
        return of_refit
    if not chosen:
        return f'epoch {meta["epoch"]}, which no validation chose'
    return (
        f'epoch {meta["epoch"]}, chosen by {chosen["monitor"]} = {chosen["value"]:.4f} on the '
        f'val split; precision and recall at its score threshold '
        f'{chosen.get("val/score_thr", float("nan")):.3f}'
    )
