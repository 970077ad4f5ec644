"""`evaluation.metric`: which numbers are of interest, and what has to be computed for them."""

from __future__ import annotations

from typing import Any

from mmholdout.config.problems import Problems
from mmholdout.config.words import section
from mmholdout.errors import did_you_mean

METRIC_TYPE = 'VOCMetric'
ALL_METRICS_TYPE = 'DetectionMetric'  # takes the other's place where more is asked for
VOC_METRICS = ('mAP', 'AP50', 'AP75', 'precision', 'recall', 'F1')
COCO, ERRORS = 'coco', 'errors'
_COCO_PREFIX = 'coco_'
_PATH = ('evaluation', 'metric')


def metric_names(metric: Any) -> tuple[Any, ...]:
    """'mAP' -> ('mAP',); a list as a tuple."""
    return tuple(metric) if isinstance(metric, list | tuple) else (metric,)


def asked_besides(metric: Any) -> tuple[str, ...]:
    """What is to be measured besides VOC's numbers: 'coco', 'errors'.

    One of COCO's numbers ('coco_AP50') asks for all of them.
    """
    names = [name for name in metric_names(metric) if isinstance(name, str)]
    coco = any(name == COCO or name.startswith(_COCO_PREFIX) for name in names)
    return (COCO,) * coco + (ERRORS,) * (ERRORS in names)


def default_monitor(metric: Any) -> Any:
    """What selects unless said otherwise: mAP where it is named, else the first metric."""
    names = [name for name in metric_names(metric) if name != ERRORS]
    first = names[0] if names else 'mAP'
    return 'mAP' if 'mAP' in names else 'coco_AP' if first == COCO else first


def check_metric(cfg: dict[str, Any], metric: Any, problems: Problems) -> None:
    """Refuse names that there are not, and what no evaluator of the config measures."""
    if not metric_names(metric):
        problems.add(_PATH, 'names no metric')
    known = (*VOC_METRICS, COCO, ERRORS)
    for name in metric_names(metric):
        if name in known:
            continue
        near = known
        if isinstance(name, str) and name.startswith(_COCO_PREFIX):
            from mmholdout.metrics.coco import coco_keys  # brings NumPy

            near = tuple(coco_keys())
            if name in near:
                continue
        problems.add(
            _PATH,
            f'there is no metric {name!r}.{did_you_mean(str(name), near)} Known: {", ".join(near)}',
        )
    besides = asked_besides(metric)
    if besides and not any(measures_besides(one) for one in _evaluators(cfg)):
        problems.add(
            _PATH,
            f'{" and ".join(map(repr, besides))}: measured by {METRIC_TYPE}, which val_evaluator '
            f'has not; write val_evaluator=[dict(type={METRIC_TYPE!r}), ...]',
        )


def measures_besides(evaluator: Any) -> bool:
    """Whether an evaluator, as the user wrote it, can measure what is asked for besides."""
    if evaluator is None:
        return True
    kinds = (METRIC_TYPE, ALL_METRICS_TYPE)
    kinds += tuple(f'mmholdout.{kind}' for kind in kinds)
    return isinstance(evaluator, dict) and evaluator.get('type', METRIC_TYPE) in kinds


def how_to_measure(monitor: Any) -> str:
    """What to ask for, so that a key is measured that is not; empty for an unknown one."""
    if not isinstance(monitor, str):
        return ''
    from mmholdout.metrics.coco import coco_keys
    from mmholdout.metrics.error_keys import error_keys

    name = monitor.removeprefix('val/')
    classes = [name.partition('/')[2]] if '/' in name else []
    for group, keys in ((COCO, coco_keys(classes)), (ERRORS, error_keys(classes))):
        if name in keys:
            return f" It is measured with evaluation=dict(metric=['mAP', {group!r}])"
    return ''


def _evaluators(cfg: dict[str, Any]) -> list[Any]:
    given = cfg.get('val_evaluator')
    if isinstance(given, list | tuple):
        return list(given)
    return [section(cfg, 'val_evaluator')]
