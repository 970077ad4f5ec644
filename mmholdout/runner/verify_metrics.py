"""The recorded metrics, computed once more from stored predictions and the annotations on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmholdout.errors import DataError, RunFolderError
from mmholdout.metrics.keys import declared_interval_keys
from mmholdout.metrics.stored_predictions import StoredPredictions, read_predictions_file
from mmholdout.registry import METRICS
from mmholdout.runner.kept_predictions import options_of
from mmholdout.runner.parts import Words, build_dataset
from mmholdout.runner.score_thresholds import (
    CLASS_SCORE_THRS,
    best_class_score_thrs,
    differing_thresholds,
)
from mmholdout.runner.verify_subject import BEST, Subject


def verify_val_metrics(subject: Subject) -> None:
    """Every metric of the best epoch in history.jsonl, to the last bit."""
    name = 'val_predictions.npz'
    with subject.step('metrics of the best epoch'):
        stored = read_stored(subject, name)
        at = (stored.about['epoch'], stored.about['iter'])
        row = next((r for r in subject.rows() if (r['epoch'], r['iter']) == at), None)
        if row is None:
            raise RunFolderError(f'history.jsonl has no row of epoch {at[0]}, iteration {at[1]}')
        recorded = {
            key: value
            for key, value in row.items()
            if key.startswith('val/') and not key.startswith('val/loss')
        }
        where = f'history.jsonl, epoch {at[0]}'
        metrics = compare_metrics(subject, subject.words(), 'val', stored, recorded, where, None)
        _compare_class_thresholds(subject, metrics)
        subject.found.not_checked.append(
            'losses, train_eval/* and the metrics of other epochs: no predictions are kept of them'
        )


def _compare_class_thresholds(subject: Subject, metrics: Sequence[Any]) -> None:
    """Those of best_model.pth; a checkpoint of an earlier version has none."""
    if not metrics or not subject.has(BEST):
        return
    meta = subject.meta(BEST)
    if CLASS_SCORE_THRS in meta:
        wrong = differing_thresholds(meta[CLASS_SCORE_THRS], best_class_score_thrs(metrics))
        subject.found.take(
            [f'{subject.folder / BEST}: {one} when it is computed again' for one in wrong],
            f'{BEST}: the score thresholds of {len(meta[CLASS_SCORE_THRS])} classes follow from '
            'val_predictions.npz',
        )


def read_stored(subject: Subject, name: str) -> StoredPredictions:
    """Stored predictions that may be relied on.

    Raises:
        UserError: none such.
    """
    subject.need(name)
    try:
        return read_predictions_file(subject.folder / name)
    except DataError as error:
        subject.changed.add(name)
        subject.found.problems += error.problems
        raise RunFolderError(f'{name} was changed') from error


def compare_metrics(
    subject: Subject,
    words: Words,
    split: str,
    stored: StoredPredictions,
    recorded: Mapping[str, float],
    where: str,
    score_thr: float | None,
    class_score_thrs: Mapping[str, float] | None = None,
) -> list[Any]:
    """Compute and compare; gives the metrics that could be computed.

    Args:
        subject: the run.
        words: with the dataset and the evaluator of the split.
        split: 'val' or 'test'.
        stored: its predictions.
        recorded: its metrics, keys with the split's prefix.
        where: they are recorded.
        score_thr: of precision and recall; None for the best.
        class_score_thrs: likewise by class.

    Raises:
        UserError: it cannot be computed.
    """
    if split in subject.suspect:
        raise DataError(f'images or annotations of {split} are not what they were, or not there')
    dataset = build_dataset(words[f'{split}_dataloader']['dataset'])
    given = words[f'{split}_evaluator']
    noise = {f'{split}/{name}' for name in declared_interval_keys()}
    values: dict[str, float] = {}
    problems: list[str] = []
    metrics: list[Any] = []
    for config in given if isinstance(given, list | tuple) else [given]:
        metric = METRICS.build(dict(config))
        kind = type(metric).__name__
        if not hasattr(metric, 'take'):
            subject.found.not_checked.append(f'{split}: what {kind} measures: it cannot `take`')
            continue
        then, now = stored.about['metrics'].get(kind), options_of(metric)
        if then != now:
            problems.append(f'{kind} was used with {then} on {split}, the config says {now}')
            continue
        if hasattr(metric, 'class_score_thrs'):
            metric.class_score_thrs = class_score_thrs
        metric.begin(dataset, score_thr=score_thr)
        try:
            metric.take(stored.detections)
            computed = metric.compute()
        except DataError as error:  # of another split, or not of all of it
            problems += [f'{split}_predictions.npz: {problem}' for problem in error.problems]
            continue
        if recorded.keys() & noise:
            computed |= metric.result.intervals(words['val_cfg']['bootstrap']).to_dict()
        metrics.append(metric)
        values |= {f'{split}/{name}': value for name, value in computed.items()}
    problems += [
        f'{key} is {recorded.get(key)!r} in {subject.folder}/{where}, but {value!r} when it is '
        f'computed from {split}_predictions.npz and the annotations'
        for key, value in values.items()
        if recorded.get(key) != value
    ]
    if values or problems:
        line = f'{split}: {len(values)} metrics computed again, equal to the last bit ({where})'
        subject.found.take(problems, line)
    others = sorted(recorded.keys() - values.keys())
    if others and not problems:
        subject.found.not_checked.append(f'{", ".join(others)}: cannot be computed again')
    return metrics
