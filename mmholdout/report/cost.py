"""What validation costs, and what a larger interval would cost."""

from __future__ import annotations

from dataclasses import dataclass

_CHEAP = 0.10
_MULTIPLES = (2, 5, 10)


@dataclass(frozen=True)
class ValidationCost:
    """Share of the run's time that goes into validation.

    Attributes:
        fraction: in [0, 1], at the present interval.
        suggested_interval: None where validation is cheap (below 10 %).
        suggested_fraction: the same share at the suggested interval.
    """

    fraction: float
    interval: int
    suggested_interval: int | None = None
    suggested_fraction: float | None = None

    def sentence(self) -> str:
        """For example "validation 24 % of the time; interval=5 would be 6 %"."""
        text = f'validation {_percent(self.fraction)} of the time'
        if self.suggested_interval is None or self.suggested_fraction is None:
            return text
        share = _percent(self.suggested_fraction)
        return f'{text}; interval={self.suggested_interval} would be {share}'


def validation_cost(train_seconds: float, val_seconds: float, interval: int) -> ValidationCost:
    """The cost at `interval` (epochs or iterations), from the seconds of the run so far.

    Args:
        train_seconds: spent on training, in sum or per interval.
        val_seconds: spent on validation over the same stretch.
        interval: at which that stretch was validated.

    The suggestion is the first of 2, 5 and 10 times the interval that is cheap, else the last.

    Raises:
        ValueError: negative seconds or an interval below 1.
    """
    if train_seconds < 0 or val_seconds < 0 or interval < 1:
        raise ValueError(f'impossible times: {train_seconds=}, {val_seconds=}, {interval=}')
    now = _fraction(train_seconds, val_seconds)
    if now < _CHEAP:
        return ValidationCost(now, interval)
    shares = {times: _fraction(train_seconds, val_seconds / times) for times in _MULTIPLES}
    times = next((t for t, share in shares.items() if share < _CHEAP), _MULTIPLES[-1])
    return ValidationCost(now, interval, interval * times, shares[times])


def _fraction(train_seconds: float, val_seconds: float) -> float:
    total = train_seconds + val_seconds
    return val_seconds / total if total > 0 else 0.0


def _percent(fraction: float) -> str:
    return '< 1 %' if 0 < fraction < 0.005 else f'{100 * fraction:.0f} %'
