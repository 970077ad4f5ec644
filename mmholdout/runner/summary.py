"""The fields of summary.json, from a runner."""

from __future__ import annotations

from typing import Any

from mmholdout.report.cost import validation_cost
from mmholdout.report.overfitting import find_overfitting
from mmholdout.report.split_text import split_sentences


def summarise(runner: Any) -> dict[str, Any]:
    """Why and when the run stopped, what was best, what validation cost."""
    rows = runner.history.rows
    train_seconds = sum(row.get('train_seconds', 0.0) for row in rows)
    val_seconds = sum(row.get('val_seconds', 0.0) for row in rows)
    cost = validation_cost(train_seconds, val_seconds, runner.interval) if val_seconds else None
    ended = {
        'stop_reason': runner.stop_reason,
        'stopped_epoch': runner.epochs_begun,
        'message': runner.stop_sentence or None,
        'lr_cuts': runner.lr_cuts,
        'seconds': train_seconds + val_seconds,
        'splits': split_sentences(runner.meta.get('splits')),
    }
    if not runner.validates:
        return {**ended, 'refit_of': runner.meta['refit']['of']}
    best = runner.best
    overfitting = find_overfitting(rows, monitor=runner.best_key, mode=best.mode)
    return {
        **ended,
        'monitor': runner.best_key,
        'mode': best.mode,
        'best_epoch': best.epoch,
        'best': best.best,
        'validation_cost': cost.sentence() if cost else None,
        'overfitting': overfitting.sentence() if overfitting else None,
    }
