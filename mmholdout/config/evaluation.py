"""The `evaluation` section: defaults, values that cannot be, and what it means to the runner."""

from __future__ import annotations

from typing import Any

from mmholdout.config.problems import Problems, got
from mmholdout.config.words import section
from mmholdout.errors import did_you_mean

DEFAULTS: dict[str, Any] = {
    'interval': 1,
    'metric': 'mAP',
    'by_epoch': True,
    'iou_thr': 0.5,
    'begin': 1,
    'loss': True,
    'train_eval': 100,
    'bootstrap': 200,
}
LEAST_REPLICATES = 100  # with fewer the ends of an interval jump about
VOC_METRICS = ('mAP', 'AP50', 'AP75', 'precision', 'recall', 'F1')
METRIC_TYPE = 'VOCMetric'
FURTHER_TYPES = {'coco': 'COCOMetric', 'errors': 'ErrorMetric'}  # measured only where asked for
_FIRST_KEY = {'coco': 'coco_AP', 'errors': 'mAP'}  # what stands for them in save_best


def evaluation_words(cfg: dict[str, Any]) -> dict[str, Any]:
    """All of `evaluation`, defaults filled in; `save_best` is by default the first metric."""
    words = {**DEFAULTS, **section(cfg, 'evaluation')}
    metrics = metric_names(words['metric'])
    first = 'mAP' if 'mAP' in metrics else (metrics or ('mAP',))[0]
    words.setdefault('save_best', _FIRST_KEY.get(first, first))
    return words


def metric_names(metric: Any) -> tuple[Any, ...]:
    """'mAP' -> ('mAP',); a list as a tuple."""
    return tuple(metric) if isinstance(metric, list | tuple) else (metric,)


def check_evaluation(cfg: dict[str, Any], problems: Problems) -> None:
    """Every value of the section that cannot be."""
    words = {**DEFAULTS, **section(cfg, 'evaluation')}
    for key, least in (('interval', 1), ('begin', 1), ('train_eval', 0)):
        value = words[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            off = (
                '; to train without validation is not possible, for nothing would be selected'
                if key == 'interval'
                else ''
            )
            problems.add(
                ('evaluation', key), f'must be an integer >= {least}, got {got(value)}{off}'
            )
    for key in ('by_epoch', 'loss'):
        if not isinstance(words[key], bool):
            problems.add(('evaluation', key), f'must be True or False, got {got(words[key])}')
    thr = words['iou_thr']
    if isinstance(thr, bool) or not isinstance(thr, int | float) or not 0 < thr < 1:
        problems.add(('evaluation', 'iou_thr'), f'must be a number in (0, 1), got {got(thr)}')
    _check_bootstrap(words['bootstrap'], problems)
    _check_metric(words['metric'], problems)
    _check_reach(cfg, words, problems)


def _check_bootstrap(value: Any, problems: Problems) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or (value != 0 and value < LEAST_REPLICATES):
        problems.add(
            ('evaluation', 'bootstrap'),
            f'must be 0 (no intervals) or an integer >= {LEAST_REPLICATES}, got {got(value)}',
        )


def _check_metric(metric: Any, problems: Problems) -> None:
    if not metric_names(metric):
        problems.add(('evaluation', 'metric'), 'names no metric')
    known = (*VOC_METRICS, *FURTHER_TYPES)
    for name in metric_names(metric):
        path = ('evaluation', 'metric')
        if isinstance(name, str) and name.startswith('coco_'):
            problems.add(path, f"{name!r} is one of COCO's numbers; write 'coco' for all of them")
        elif name not in known:
            problems.add(
                path,
                f'there is no metric {name!r}.{did_you_mean(str(name), known)} '
                f'Known: {", ".join(known)}',
            )


def _check_reach(cfg: dict[str, Any], words: dict[str, Any], problems: Problems) -> None:
    """An interval or a begin beyond the last epoch leaves one validation, at the very end."""
    epochs = section(cfg, 'train_cfg').get('max_epochs')
    if not isinstance(epochs, int):
        return
    for key in ('begin', 'interval'):
        value = words[key]
        counts_epochs = key == 'begin' or words['by_epoch'] is True
        if counts_epochs and isinstance(value, int) and value > epochs:
            problems.add(
                ('evaluation', key),
                f'{value} is beyond train_cfg.max_epochs={epochs}, so that nothing could steer',
            )
