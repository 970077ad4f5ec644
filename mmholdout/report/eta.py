"""How much longer: remaining iterations at their present speed, and the validations between."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """Seconds as 12:30 or 1:02:03."""
    total = max(0, round(seconds))
    hours, rest = divmod(total, 3600)
    minutes, secs = divmod(rest, 60)
    return f'{hours}:{minutes:02d}:{secs:02d}' if hours else f'{minutes}:{secs:02d}'


class Eta:
    """Seconds to the end of the run, from what its iterations and validations took.

    The speed of an iteration is an exponential mean, so that a slow first batch is forgotten.
    """

    def __init__(self, momentum: float = 0.95) -> None:
        self._momentum = momentum
        self.seconds_per_iter: float | None = None
        self.seconds_per_validation = 0.0

    def observe_iter(self, seconds: float) -> None:
        """One more training iteration took `seconds`."""
        if self.seconds_per_iter is None:
            self.seconds_per_iter = seconds
        else:
            kept = self._momentum * self.seconds_per_iter
            self.seconds_per_iter = kept + (1 - self._momentum) * seconds

    def observe_validation(self, seconds: float) -> None:
        """The latest validation took `seconds`."""
        self.seconds_per_validation = seconds

    def remaining(self, iters_left: int, validations_left: float) -> float:
        """Seconds; 0 before anything was observed."""
        per_iter = self.seconds_per_iter or 0.0
        return iters_left * per_iter + validations_left * self.seconds_per_validation
