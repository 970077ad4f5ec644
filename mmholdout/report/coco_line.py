"""COCO's numbers in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmholdout.report.metric_text import metric_text

_SHOWN = {
    'coco_AP': 'coco AP',
    'coco_AP50': 'AP50',
    'coco_AP75': 'AP75',
    'coco_AP_small': 'small',
    'coco_AP_medium': 'medium',
    'coco_AP_large': 'large',
    'coco_AR100': 'AR100',
}
_EXACT = 12  # decimals; a mean over 101 recalls that is 1 falls short of it in the last bit


def coco_line(values: Mapping[str, Any], split: str = 'val') -> str | None:
    """'coco AP = 0.312, AP50 = 0.512, ...'; None where COCO's AP was not measured.

    Args:
        values: a row of the history, or metrics; keys with the split's prefix.
        split: 'val' or 'test'.
    """
    if f'{split}/coco_AP' not in values:
        return None
    named = ((name, values.get(f'{split}/{key}')) for key, name in _SHOWN.items())
    return ', '.join(
        f'{name} = {metric_text(round(value, _EXACT), digits=3)}'
        for name, value in named
        if value is not None
    )
