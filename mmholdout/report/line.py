"""The one console line of a validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmholdout.report.metric_text import loss_text, metric_text, noisy_text

_LABELS = {
    'val/mAP': 'mAP',
    'val/precision': 'Precision',
    'val/recall': 'Recall',
    'val/loss': 'val loss',
}


def summary_line(
    row: Mapping[str, Any],
    best_value: float | None,
    best_epoch: int | None,
    monitor: str,
    iou_thr: float = 0.5,
) -> str:
    """One validation in one line; what `row` lacks is left out.

    `(train 1.98)` is the loss of the `train_eval` slice, the only one that compares fairly with
    the val loss; without that slice nothing is put in its place. A monitor other than mAP is
    shown with its value and named again at `best`. Where the row has the ends of mAP's
    95 % interval, half of its width follows: '0.713 ± 0.012'.
    """
    map_label = f'mAP@{iou_thr:g}'
    shown = dict.fromkeys(('val/mAP', 'val/precision', 'val/recall', 'val/loss'))
    parts = []
    for key in shown:
        if key == 'val/loss' and monitor not in shown and monitor in row:
            parts.append(f'{_name(monitor)} = {_text(monitor, row[monitor], best_value)}')
        if key in row:
            label = map_label if key == 'val/mAP' else _LABELS[key]
            rival = best_value if key == monitor else None
            parts.append(f'{label} = {_with_noise(row, key) or _text(key, row[key], rival)}')
            if key == 'val/loss' and 'train_eval/loss' in row:
                parts[-1] += f' (train {loss_text(row["train_eval/loss"])})'
    if 'lr' in row:
        parts.append(f'lr = {row["lr"]:.1e}')
    if best_value is not None and best_epoch is not None:
        name = '' if monitor == 'val/mAP' else f'{_name(monitor)} '
        parts.append(f'best {name}{_text(monitor, best_value, row.get(monitor))} @ {best_epoch}')
    head = f'Epoch {row["epoch"]}'
    return f'{head}: {", ".join(parts)}' if parts else head


def plain_line(row: Mapping[str, Any]) -> str:
    """One epoch that was not validated: the training loss, over augmented images, and the rate."""
    parts = []
    if 'train/loss' in row:
        parts.append(f'train loss = {loss_text(row["train/loss"])}')
    if 'lr' in row:
        parts.append(f'lr = {row["lr"]:.1e}')
    return f'Epoch {row["epoch"]}: {", ".join(parts)}' if parts else f'Epoch {row["epoch"]}'


def _with_noise(row: Mapping[str, Any], key: str) -> str | None:
    low, high = row.get(f'{key}_low'), row.get(f'{key}_high')
    if key != 'val/mAP' or low is None or high is None:
        return None
    return noisy_text(row[key], (high - low) / 2)


def _name(key: str) -> str:
    return _LABELS.get(key, key.removeprefix('val/'))


def _text(key: str, value: float, apart_from: float | None) -> str:
    is_loss = key.rpartition('/')[2].startswith('loss')
    return loss_text(value) if is_loss else metric_text(value, apart_from)
