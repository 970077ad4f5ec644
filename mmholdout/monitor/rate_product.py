"""A learning rate that is the product of several factors, each in its stretch of the run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from mmholdout.errors import ConfigError
from mmholdout.monitor.rate import RateSchedule
from mmholdout.monitor.rate_part import RatePart


class RateProduct:
    """What `schedule=dict(type='product', factors=[...])` means.

    Args:
        factors: arguments of `RatePart`, one dict each.

    Raises:
        ConfigError: all that is wrong with them.
    """

    type = 'product'

    def __init__(self, factors: Sequence[Mapping[str, Any]]) -> None:
        if not isinstance(factors, list | tuple) or not factors:
            raise ConfigError(f'schedule.factors must be a list of dicts, got {factors!r}')
        self.parts: list[RatePart] = []
        problems: list[str] = []
        for one in factors:
            if not isinstance(one, Mapping) or 'type' not in one:
                problems.append(f'schedule.factors: each must be a dict with a type, got {one!r}')
                continue
            try:
                self.parts.append(RatePart(**one))
            except ConfigError as error:
                problems += error.problems
        if problems:
            raise ConfigError(problems)

    def factor(
        self, epoch: int, iteration: float, max_epochs: float, iters_per_epoch: int
    ) -> float:
        """See `RateSchedule.factor`; the length of the run is in each part's `end`."""
        del max_epochs
        return math.prod(part.factor(epoch, iteration, iters_per_epoch) for part in self.parts)

    def warmup_length(self, iters_per_epoch: int) -> int:
        """Iterations until the last of the rising factors has risen."""
        return max(part.warmup_length(iters_per_epoch) for part in self.parts)


def schedule_of(words: Mapping[str, Any]) -> RateSchedule | RateProduct:
    """The schedule that a config's `schedule` section describes.

    Raises:
        ConfigError: see the two classes.
    """
    if words.get('type') != RateProduct.type:
        return RateSchedule(**words)
    foreign = [key for key in words if key not in ('type', 'factors')]
    if foreign:
        raise ConfigError(
            f"schedule of type 'product' takes factors alone, got {', '.join(foreign)} too; where "
            "a base config set it, write schedule=dict(_delete_=True, type='product', ...)"
        )
    return RateProduct(words.get('factors', ()))
