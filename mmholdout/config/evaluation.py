"""The `evaluation` section: defaults, values that cannot be, and what it means to the runner."""

from __future__ import annotations

from typing import Any

from mmholdout.config.metric_words import check_metric, default_monitor
from mmholdout.config.problems import Problems, got
from mmholdout.config.words import section

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


def evaluation_words(cfg: dict[str, Any]) -> dict[str, Any]:
    """All of `evaluation`, defaults filled in; `save_best` is by default the first metric."""
    words = {**DEFAULTS, **section(cfg, 'evaluation')}
    words.setdefault('save_best', default_monitor(words['metric']))
    return words


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
        several = (
            '; AP50 and AP75 are measured in any case' if isinstance(thr, list | tuple) else ''
        )
        problems.add(
            ('evaluation', 'iou_thr'), f'must be a number in (0, 1), got {got(thr)}{several}'
        )
    _check_bootstrap(words['bootstrap'], problems)
    check_metric(cfg, words['metric'], problems)
    _check_reach(cfg, words, problems)


def _check_bootstrap(value: Any, problems: Problems) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or (value != 0 and value < LEAST_REPLICATES):
        problems.add(
            ('evaluation', 'bootstrap'),
            f'must be 0 (no intervals) or an integer >= {LEAST_REPLICATES}, got {got(value)}',
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
