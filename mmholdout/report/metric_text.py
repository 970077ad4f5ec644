"""A metric in [0, 1] as text whose rounding does not lie."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_MOST_DIGITS = 7


def metric_text(value: float, apart_from: float | None = None, digits: int = 2) -> str:
    """`digits` decimals, or as many more as it takes to be true.

    A value below 1 is never printed as 1.00 and one above 0 never as 0.00: what seven decimals
    would round to 1 is cut to 0.9999999. A value that differs from `apart_from` is printed
    differently from it wherever seven decimals show it.
    """
    if not math.isfinite(value):
        return str(value)
    rivals = [rival for rival in (0.0, 1.0, apart_from) if rival is not None and rival != value]
    for decimals in range(digits, _MOST_DIGITS + 1):
        text = f'{value:.{decimals}f}'
        if all(text != f'{rival:.{decimals}f}' for rival in rivals):
            return text
    if 0 < abs(value) < 0.1:
        return f'{value:.1e}'
    if value != 1 and float(text) == 1:
        side = ROUND_FLOOR if value < 1 else ROUND_CEILING
        return str(Decimal(value).quantize(Decimal(1).scaleb(-_MOST_DIGITS), side))
    return text


def noisy_text(value: float, half_width: float) -> str:
    """'0.713 ± 0.012': two digits of the noise, and as many decimals of the value."""
    decimals = 2
    while decimals < _MOST_DIGITS and 0 < half_width < 0.0995 * 10 ** (2 - decimals):
        decimals += 1
    return f'{value:.{decimals}f} ± {half_width:.{decimals}f}'


def loss_text(value: float) -> str:
    """Two decimals from 1 upwards, three significant digits below."""
    return f'{value:.2f}' if abs(value) >= 1 else f'{value:.3g}'
