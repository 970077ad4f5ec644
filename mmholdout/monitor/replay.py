"""What a finished history should have led to: best validation, cuts of the rate, early stop."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from mmholdout.monitor.best import BestTracker
from mmholdout.monitor.early_stop import EarlyStopDecision
from mmholdout.monitor.gate import CountingGate
from mmholdout.monitor.plateau import PlateauDecision

Row = Mapping[str, Any]
D = TypeVar('D')


@dataclass(frozen=True)
class Watcher(Generic[D]):
    """A decision as it is before the first validation.

    Attributes:
        key: what it watches, such as 'val/mAP'.
        gate: which validations count.
    """

    key: str
    gate: CountingGate
    decision: D


@dataclass
class Replayed:
    """What the decisions came to.

    Attributes:
        best: value, epoch and iteration of the best validation; None without a finite value.
        cuts: epochs after which the rate was cut, in order.
        stop_epoch: the first epoch after which a decision said stop; None if none did.
        stop_sentence: why.
    """

    best: tuple[float, int, int] | None = None
    cuts: list[int] = field(default_factory=list)
    stop_epoch: int | None = None
    stop_sentence: str | None = None


def replay(
    rows: Iterable[Row],
    best_key: str,
    best_mode: str,
    plateaus: Iterable[Watcher[PlateauDecision]] = (),
    stops: Iterable[Watcher[EarlyStopDecision]] = (),
) -> Replayed:
    """Feed the recorded validations to fresh decisions; the same ones as in training.

    A value that is absent from a row was not finite: history.jsonl leaves such out.

    Args:
        rows: of history.jsonl, in order.
        best_key: the metric that chooses the best model.
        best_mode: its direction.
        plateaus: decisions of ReduceLROnPlateauHook.
        stops: decisions of EarlyStoppingHook.
    """
    plateaus, stops = list(plateaus), list(stops)
    found, best = Replayed(), BestTracker(best_mode)
    for row in rows:
        if not any(key.startswith('val/') for key in row):
            continue
        epoch, iteration = int(row['epoch']), int(row['iter'])
        best.observe(value_of(row, best_key), epoch, iteration)
        for cut in plateaus:
            if cut.gate.counts(epoch, iteration) and cut.decision.observe(value_of(row, cut.key)):
                found.cuts.append(epoch)
        for stop in stops:
            if not stop.gate.counts(epoch, iteration):
                continue
            decided = stop.decision.observe(value_of(row, stop.key), epoch)
            if decided is not None and found.stop_epoch is None:
                found.stop_epoch, found.stop_sentence = epoch, decided.sentence(stop.key)
    if best.best is not None and best.epoch is not None and best.iteration is not None:
        found.best = (best.best, best.epoch, best.iteration)
    return found


def value_of(row: Row, key: str) -> float:
    """The value, NaN where the row lacks it."""
    return float(row.get(key, math.nan))
