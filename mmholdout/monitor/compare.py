"""The one comparison that plateau, early stop and best model share."""

from __future__ import annotations

import math
from typing import Literal

from mmholdout.errors import ConfigError, did_you_mean

Mode = Literal['max', 'min']
MODES: tuple[Mode, ...] = ('max', 'min')


def is_better(value: float, best: float | None, mode: Mode, min_delta: float = 0.0) -> bool:
    """Whether `value` is better than `best` by more than `min_delta`, absolutely.

    A tie is not better, NaN and infinities never are; any finite value is better than none
    (`best=None`).
    """
    if not math.isfinite(value):
        return False
    if best is None:
        return True
    # The terms are arranged as in torch's ReduceLROnPlateau, so that rounding is too.
    return value > best + min_delta if mode == 'max' else value < best - min_delta


def as_mode(mode: str) -> Mode:
    """The direction, or ConfigError."""
    for known in MODES:
        if mode == known:
            return known
    raise ConfigError(f"mode must be 'max' or 'min', got {mode!r}.{did_you_mean(str(mode), MODES)}")
