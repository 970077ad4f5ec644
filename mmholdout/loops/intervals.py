"""Intervals of what a metric has just measured."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mmholdout.metrics.bootstrap_intervals import Intervals


def intervals_of(metrics: Iterable[Any], replicates: int) -> Intervals | None:
    """Those of the first metric whose `result` has some.

    Args:
        metrics: after `compute`.
        replicates: resamplings of the images; 0 for no intervals.
    """
    if not replicates:
        return None
    for metric in metrics:
        of_result = getattr(getattr(metric, 'result', None), 'intervals', None)
        if of_result is not None:
            intervals: Intervals = of_result(replicates)
            return intervals
    return None
