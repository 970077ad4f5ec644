"""Checks of numbers that a config gives."""

from __future__ import annotations

import math

from mmholdout.errors import ConfigError


def whole(name: str, value: object, least: int) -> int:
    """An integer >= `least`, or ConfigError; neither True nor 2.0 is one."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigError(f'{name} must be an integer >= {least}, got {value!r}')
    return value


def number(name: str, value: object, wanted: str, low: float, high: float = math.inf) -> float:
    """A finite number within an interval such as '[0, 1)' (`wanted`), or ConfigError."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, int | float) and is_number and math.isfinite(value):
        above = low <= value if wanted.startswith('[') else low < value
        below = value <= high if wanted.endswith(']') else value < high
        if above and below:
            return float(value)
    raise ConfigError(f'{name} must be a number in {wanted}, got {value!r}')
