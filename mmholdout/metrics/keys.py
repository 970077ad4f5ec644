"""Which numbers a VOC evaluation gives, and which direction of each is better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mmholdout.errors import ConfigError
from mmholdout.metrics.options import VOCOptions

Mode = Literal['max', 'min']

_ALWAYS: dict[str, Mode | None] = {
    'mAP': 'max',
    'AP50': 'max',
    'AP75': 'max',
    'precision': 'max',
    'recall': 'max',
    'F1': 'max',
    'score_thr': None,
    'precision_fixed': 'max',
    'recall_fixed': 'max',
    'F1_fixed': 'max',
}
INTERVAL_METRICS = ('mAP', 'precision', 'recall')


def class_key(name: str) -> str:
    """Key of one class's average precision."""
    return f'AP/{name}'


def interval_keys(metric: str) -> tuple[str, str]:
    """Keys of the low and the high end of a metric's interval."""
    return f'{metric}_low', f'{metric}_high'


def declared_interval_keys() -> dict[str, Mode | None]:
    """Keys that a bootstrap adds; none has a direction: noise decides nothing by itself."""
    return {key: None for metric in INTERVAL_METRICS for key in interval_keys(metric)}


def declared_keys(classes: Sequence[str] = (), iou_thr: float = 0.5) -> dict[str, Mode | None]:
    """Keys, without a split's prefix, and their directions; None where neither is better.

    Args:
        classes: names in label order; none where they are not known yet.
        iou_thr: changes the meaning of the keys but not the keys; checked all the same.

    Raises:
        ConfigError: the threshold or the classes are impossible.
    """
    VOCOptions(iou_thr=iou_thr)
    if len(classes):
        check_classes(classes)
    return _ALWAYS | {class_key(name): 'max' for name in classes}


def check_classes(classes: Sequence[str]) -> None:
    """Refuse class lists under which two classes would share a key.

    Raises:
        ConfigError: no classes, a bare string, an entry that is no string, or one name twice.
    """
    if isinstance(classes, str):
        raise ConfigError(
            f'classes is the string {classes!r}; a tuple of names is needed: ({classes!r},)'
        )
    problems = [f'class {name!r} is no string' for name in classes if not isinstance(name, str)]
    seen = list(classes)
    twice = sorted({str(name) for name in seen if seen.count(name) > 1})
    problems += [f'class {name!r} is listed {seen.count(name)} times' for name in twice]
    if not seen:
        problems.append('there are no classes to evaluate')
    if problems:
        raise ConfigError(problems)
