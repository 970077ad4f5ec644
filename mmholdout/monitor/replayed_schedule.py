"""The rate of a finished run, as a function of the epochs that another run has completed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmholdout.errors import ConfigError
from mmholdout.monitor.arguments import number, whole
from mmholdout.monitor.batch_growth import BatchGrowthDecision
from mmholdout.monitor.plateau import PlateauDecision
from mmholdout.monitor.rate import RateSchedule
from mmholdout.monitor.rate_product import RateProduct
from mmholdout.monitor.replay import Row, Watcher, value_of

Change = tuple[float, float]  # epochs completed, the value from there on


@dataclass(frozen=True)
class ReplayedSchedule:
    """After x epochs the rate is what it was after x epochs of the other run.

    Epochs are the common unit, because an epoch of the new run may have more iterations: what the
    other run did at an iteration (warm-up, milestones) is done after the same share of an epoch.

    Attributes:
        schedule: of the config.
        max_epochs: length that the schedule was made for, a fraction where it was in iterations.
        iters_per_epoch: of the other run.
        cuts: epochs completed and the product of all cuts from there on, ascending.
        growths: likewise, what gradient accumulation is multiplied by; from the next epoch on.

    Raises:
        ConfigError: values that cannot be.
    """

    schedule: RateSchedule | RateProduct
    max_epochs: float
    iters_per_epoch: int
    cuts: Sequence[Change] = ()
    growths: Sequence[Change] = ()

    def __post_init__(self) -> None:
        """Check the values."""
        number('refit.max_epochs', self.max_epochs, '(0, inf)', 0.0)
        whole('refit.iters_per_epoch', self.iters_per_epoch, 1)
        for name, changes in (('rate_cuts', self.cuts), ('batch_growths', self.growths)):
            pairs = isinstance(changes, list | tuple) and all(map(_is_change, changes))
            if not pairs or list(changes) != sorted(changes, key=lambda change: change[0]):
                raise ConfigError(
                    f'refit.{name} must be a list of pairs (epochs, value), ascending, '
                    f'got {changes!r}'
                )

    def factor(self, iteration: int, iters_per_epoch: int) -> float:
        """What the base rate is multiplied by in the next iteration.

        Args:
            iteration: iterations that the new run has completed.
            iters_per_epoch: of the new run.
        """
        scheduled = self.schedule.factor(
            iteration // iters_per_epoch,
            iteration * self.iters_per_epoch / iters_per_epoch,
            self.max_epochs,
            self.iters_per_epoch,
        )
        return scheduled * self.scale(iteration, iters_per_epoch)

    def scale(self, iteration: int, iters_per_epoch: int) -> float:
        """The product of all cuts by then."""
        return _latest(
            self.cuts, lambda epochs: iteration >= round(epochs * iters_per_epoch), default=1.0
        )

    def accumulation(self, epoch: int) -> int:
        """How many times as many batches make one update after `epoch` completed epochs."""
        return int(_latest(self.growths, lambda epochs: epoch >= epochs, default=1))


def _latest(changes: Iterable[Change], reached: Any, default: float) -> float:
    values = [value for epochs, value in changes if reached(epochs)]
    return values[-1] if values else default


def _is_change(change: Any) -> bool:
    plain = isinstance(change, list | tuple) and len(change) == 2
    return plain and all(isinstance(n, int | float) and n > 0 for n in change)


def rate_changes(
    rows: Iterable[Row], watchers: Sequence[Watcher[PlateauDecision]]
) -> list[tuple[int, float]]:
    """Iterations completed and the product of all cuts from there on, for each cut.

    Args:
        rows: of history.jsonl, in order.
        watchers: fresh decisions of ReduceLROnPlateauHook, in the order of the hooks.
    """
    return _changes(rows, watchers, lambda decision: decision.scale)


def growth_changes(
    rows: Iterable[Row], watchers: Sequence[Watcher[BatchGrowthDecision]]
) -> list[tuple[int, float]]:
    """Likewise of IncreaseBatchSizeOnPlateauHook: what accumulation is multiplied by."""
    return _changes(rows, watchers, lambda decision: decision.accumulation)


def _changes(
    rows: Iterable[Mapping[str, Any]], watchers: Sequence[Watcher[Any]], read: Any
) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    for row in rows:
        if not any(key.startswith('val/') for key in row):
            continue
        acted = False
        for one in watchers:
            if one.gate.counts(int(row['epoch']), int(row['iter'])):
                acted |= one.decision.observe(value_of(row, one.key)) is not None
        if acted:
            product: float = 1
            for one in watchers:
                product = product * read(one.decision)
            found.append((int(row['iter']), product))
    return found
