"""What the fields of COCO's files may hold."""

from __future__ import annotations

import math
from typing import Any

from mmholdout.metrics.coco_defects import shown

ImageId = int | str
_LARGEST_ID = 2**63 - 1
FOUR = 'four numbers x, y, width, height are needed'
FINITE = 'all four must be finite and below 1e18'
NEGATIVE = 'a side is negative'


def id_problem(value: Any) -> str:
    """Why a value is no id of an image or annotation, after the word 'id'; '' where it is one."""
    if isinstance(value, str) or (type(value) is int and abs(value) <= _LARGEST_ID):
        return ''
    return f'{shown(value)}; a whole number or a text is needed'


def is_finite(value: Any) -> bool:
    """Whether a value is a number that a float holds; True and False are none."""
    if type(value) is float:
        return math.isfinite(value)
    return type(value) is int and abs(value) < 1e300


def box_problem(bbox: Any) -> str:
    """Why a value is no box of x, y, width, height; '' where it is one."""
    if type(bbox) is not list or len(bbox) != 4:
        return FOUR
    for side in bbox:
        if type(side) is not float and type(side) is not int:
            return FOUR
        # a float32 must hold it, and its square; NaN is refused as well
        if not -1e18 < side < 1e18:
            return FINITE
    return NEGATIVE if bbox[2] < 0 or bbox[3] < 0 else ''
