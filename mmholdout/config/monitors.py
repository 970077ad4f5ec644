"""Monitors against the metrics that the run will have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmholdout.config.classes import class_names
from mmholdout.config.metric_words import how_to_measure
from mmholdout.config.origin import KeyPath
from mmholdout.config.problems import Problems
from mmholdout.config.registries import find
from mmholdout.config.signatures import signature_of
from mmholdout.config.words import section
from mmholdout.errors import ConfigError
from mmholdout.monitor.compare import Mode
from mmholdout.monitor.resolve import check_mode, check_significance, resolve_monitor


def declared_metrics(words: dict[str, Any]) -> dict[str, Mode | None]:
    """Keys of the val split with their directions; known without data.

    The train_eval slice is measured too, but it may not steer: what is chosen by how well the
    training images are known is chosen by memory.

    Args:
        words: translated.

    Raises:
        ConfigError: a metric class does not say which keys it gives.
    """
    loop = section(words, 'val_cfg')
    own: dict[str, Mode | None] = {}
    for evaluator in _evaluators(words):
        own.update(_declared_by(evaluator, class_names(words)))
    if loop.get('loss'):
        own['loss'] = 'min'
    if loop.get('bootstrap'):
        from mmholdout.metrics.keys import declared_interval_keys  # brings NumPy

        own |= declared_interval_keys()
    return {f'val/{key}': mode for key, mode in own.items()}


def _evaluators(words: dict[str, Any]) -> list[Any]:
    evaluators = words.get('val_evaluator')
    return list(evaluators) if isinstance(evaluators, list | tuple) else [evaluators]


def _metric(evaluator: Any) -> Any:
    return find(('METRICS',), evaluator.get('type')) if isinstance(evaluator, dict) else None


def _declared_by(evaluator: Any, classes: tuple[str, ...]) -> dict[str, Mode | None]:
    metric = _metric(evaluator)
    if metric is None:
        raise ConfigError(f'there is no metric {evaluator!r}')
    declare = getattr(metric, 'declared_keys', None)
    if declare is None:
        raise ConfigError(
            f'metric {evaluator["type"]!r} has no static method declared_keys(classes, iou_thr), '
            "which gives its keys and their directions ('max', 'min' or None)"
        )
    thr = evaluator.get('iou_thr')
    possible = isinstance(thr, int | float) and 0 < thr < 1  # else the section's check says so
    taken = signature_of(declare).keywords - {'classes', 'iou_thr'}
    own = {key: value for key, value in evaluator.items() if key in taken}
    return dict(declare(classes, thr if possible else 0.5, **own))


def monitors(cfg: dict[str, Any], words: dict[str, Any]) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Key path, monitor and `mode` of everything that watches a metric."""
    yield ('evaluation', 'save_best'), section(words, 'default_hooks', 'best').get('monitor'), None
    hooks = cfg.get('custom_hooks') or ()
    for i, hook in enumerate(hooks if isinstance(hooks, list | tuple) else ()):
        if isinstance(hook, dict) and 'monitor' in hook:
            yield ('custom_hooks', i, 'monitor'), hook['monitor'], hook.get('mode')


def resolved_monitors(cfg: dict[str, Any], words: dict[str, Any]) -> dict[str, tuple[str, Mode]]:
    """What each monitor means: 'custom_hooks.0.monitor' -> ('val/mAP', 'max').

    Raises:
        ConfigError: one that no metric has.
    """
    declared = declared_metrics(words)
    return {
        '.'.join(map(str, path)): resolve_monitor(name, declared)
        for path, name, _ in monitors(cfg, words)
    }


def check_monitors(cfg: dict[str, Any], words: dict[str, Any], problems: Problems) -> None:
    """Each monitor exists and has a direction, which `mode` does not contradict."""
    if any(_metric(evaluator) is None for evaluator in _evaluators(words)):
        return  # which has been said
    try:
        declared = declared_metrics(words)
    except ConfigError as error:
        problems.take(('val_evaluator',), error)
        return
    for path, name, mode in monitors(cfg, words):
        if name == 'auto':
            problems.add(path, "'auto' is no metric: name the one that selects, say 'mAP'")
            continue
        try:
            key, _ = resolve_monitor(name, declared)
        except ConfigError as error:
            problems.take(path, ConfigError(f'{error}{how_to_measure(name)}'))
            continue
        try:
            check_mode(key, mode, declared)
        except ConfigError as error:
            problems.take((*path[:-1], 'mode'), error)
        try:
            check_significance(key, _significance(cfg, path))
        except ConfigError as error:
            problems.take((*path[:-1], 'significance'), error)


def _significance(cfg: dict[str, Any], path: KeyPath) -> Any:
    return cfg['custom_hooks'][path[1]].get('significance') if path[0] == 'custom_hooks' else None
