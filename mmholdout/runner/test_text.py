"""What `test` says about its result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmholdout.report.split_text import split_sentences
from mmholdout.report.table import per_class_table
from mmholdout.splits.test_uses import used

_SHOWN = ('mAP', 'precision', 'recall', 'F1')


def describe_test(
    checkpoint: Path,
    meta: dict[str, Any],
    result: Any,
    metrics: dict[str, float],
    uses: int,
    ledger: Path,
) -> str:
    """Which model, what chose it, the table of classes, the numbers, how often the split was used.

    Args:
        checkpoint: its file.
        meta: what the checkpoint carries besides weights.
        result: of `VOCMetric`; None for a metric that has none.
        metrics: of the pass.
        uses: of this test split, this one included.
        ledger: its file.
    """
    lines = [f'{checkpoint}: {_selected(meta)}']
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
    lines += split_sentences(meta.get('splits'))
    lines.append(f'{used(uses)} ({ledger})')
    return '\n'.join(lines)


def _selected(meta: dict[str, Any]) -> str:
    chosen = meta.get('chosen') or {}
    if not chosen:
        return f'epoch {meta["epoch"]}, which no validation chose'
    return (
        f'epoch {meta["epoch"]}, chosen by {chosen["monitor"]} = {chosen["value"]:.4f} on the '
        f'val split; precision and recall at its score threshold '
        f'{chosen.get("val/score_thr", float("nan")):.3f}'
    )
