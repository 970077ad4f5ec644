"""Average precision of a precision-recall curve."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from mmholdout.errors import ConfigError

ApMode = Literal['area', '11points']
AP_MODES: tuple[str, ...] = get_args(ApMode)


def average_precision(
    recall: NDArray[np.floating], precision: NDArray[np.floating], mode: ApMode = 'area'
) -> float:
    """Average precision of the curve that grows as the score threshold falls.

    Precisions and the result are rounded to float32, because mmdet's `eval_map` does: then the
    two give the same number and not merely close ones.

    Args:
        recall: float64 (N,), not decreasing.
        precision: (N,).
        mode: 'area' under the envelope (VOC from 2010 on), or the mean of the best precision at
            recalls 0, 0.1, ..., 1 ('11points', VOC 2007). The latter are multiples of the float
            0.1, so that a recall of exactly 3/10 does not reach 0.30000000000000004; this too is
            as in `eval_map` and in the VOC code of most frameworks.

    Raises:
        ConfigError: another mode.
    """
    # envelope[i] = best precision at recall[i] or any higher recall
    envelope = np.maximum.accumulate(precision.astype(np.float32)[::-1])[::-1]
    if mode == 'area':
        steps = np.diff(recall.astype(np.float64), prepend=0.0, append=1.0)
        heights = np.append(envelope, np.float32(0))
        return float(np.float32(np.sum((steps * heights)[steps != 0])))
    if mode != '11points':
        raise ConfigError(f'ap_mode is {mode!r}; known: {", ".join(AP_MODES)}')
    total = np.float32(0)
    for least in np.arange(0, 1 + 1e-3, 0.1):
        reached = int(np.searchsorted(recall, least, side='left'))
        if reached < len(envelope):
            total += envelope[reached]
    return float(total / np.float32(11))
