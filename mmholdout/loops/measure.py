"""One pass over one split: predictions to the metrics, losses to their sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from torch import nn
from torch.utils.data import DataLoader

from mmholdout.models.loss_and_predictions import GroupedLoss, forward_eval

BatchHook = Callable[[int, Any, Any], None]


def measure(
    model: nn.Module,
    loader: DataLoader,
    metrics: Sequence[Any],
    *,
    loss_group: int | None,
    score_thr: float | None = None,
    before_batch: BatchHook | None = None,
    after_batch: BatchHook | None = None,
) -> dict[str, float]:
    """Measure a split in eval mode; keys come without the split's prefix.

    Args:
        model: a detector, already in eval mode and without gradient.
        loader: its dataset gives the ground truth in original pixels.
        metrics: metric objects with `begin`, `process`, `compute`.
        loss_group: images per loss group (the training batch size), None for no loss.
        score_thr: the threshold for precision and recall, None to choose the best.
        before_batch: called as (index, batch, None).
        after_batch: called as (index, batch, predictions).
    """
    for metric in metrics:
        metric.begin(loader.dataset, score_thr=score_thr)
    grouped = GroupedLoss(model, loss_group) if loss_group else None
    for index, batch in enumerate(loader):
        if before_batch:
            before_batch(index, batch, None)
        if grouped is None:
            predictions = model.val_step(batch)
        else:
            predictions, raw = forward_eval(model, batch)
            grouped.add(raw)
        for metric in metrics:
            metric.process(batch, predictions)
        if after_batch:
            after_batch(index, batch, predictions)
    values: dict[str, float] = {} if grouped is None else grouped.finish()
    for metric in metrics:
        values.update(metric.compute())
    return values
