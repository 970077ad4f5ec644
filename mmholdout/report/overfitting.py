"""Overfitting, named: a rule over the history that says since when and by how much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any, Literal

from mmholdout.report.metric_text import loss_text

Row = Mapping[str, Any]

_SMOOTH = 3  # validations in a mean or median
_LONG_TAIL = 20  # validations whose own jitter says how noisy they are
_CAUTION = 1.25  # a part of the curve knows its noise less well than the whole


@dataclass(frozen=True)
class Overfitting:
    """A run that overfits.

    Attributes:
        since_epoch: the first validation after the later of two turning points, the lowest val
            loss and the best monitored value.
        best_epoch: the epoch of the best monitored value.
        val_loss_then: median of the three validations around the turning point.
        val_loss_now: mean of the last three validations; the `train_eval` pair likewise.
    """

    since_epoch: int
    best_epoch: int
    val_loss_then: float
    val_loss_now: float
    train_eval_loss_then: float
    train_eval_loss_now: float

    def sentence(self) -> str:
        """The console line: what happened since when, and three things to try."""
        return (
            f'overfitting since epoch {self.since_epoch}: '
            f'val loss {loss_text(self.val_loss_then)} -> {loss_text(self.val_loss_now)}, '
            f'train_eval loss {loss_text(self.train_eval_loss_then)} -> '
            f'{loss_text(self.train_eval_loss_now)}; '
            f'try augmentation, weight decay, or the kept epoch {self.best_epoch}'
        )


@dataclass(frozen=True)
class Thresholds:
    """When a change is a trend and not noise.

    Attributes:
        min_validations: fewer measured validations give no verdict.
        min_tail: validations after the turning point that are needed.
        min_rise: relative rise of the val loss.
        min_fall: relative fall of the train_eval loss.
        noise_factor: both changes must also exceed this many standard deviations of the noise
            of their curve (between neighbouring validations). Three validations are joined at
            each end, so a change by pure noise has a standard deviation of 0.9; the factor is
            large because a run asks after each validation and starts from the lowest point.
    """

    min_validations: int = 8
    min_tail: int = 5
    min_rise: float = 0.03
    min_fall: float = 0.03
    noise_factor: float = 4.0


def find_overfitting(
    rows: Sequence[Row],
    *,
    monitor: str = 'val/mAP',
    mode: Literal['max', 'min'] = 'max',
    thresholds: Thresholds | None = None,
) -> Overfitting | None:
    """The verdict on a history, as it stands after its last row.

    Counted are the rows that hold finite values of `val/loss`, `train_eval/loss` and `monitor`;
    without a train_eval slice there is no verdict, because the loss on augmented batches in
    training mode is no fair comparison. Overfitting needs all of: no new best of `monitor`, a
    rising val loss and a falling train_eval loss, each since the turning point. So a val loss
    that rises while mAP improves is none, nor is divergence, where both losses rise.
    """
    limits = thresholds or Thresholds()
    counted = [row for row in rows if _complete(row, monitor)]
    if len(counted) < limits.min_validations:
        return None
    val_loss = [float(row['val/loss']) for row in counted]
    fit_loss = [float(row['train_eval/loss']) for row in counted]
    sign = 1.0 if mode == 'max' else -1.0
    scores = [sign * float(row[monitor]) for row in counted]

    smooth = _smoothed(val_loss)
    best = scores.index(max(scores))
    turn = max(best, smooth.index(min(smooth)))
    if len(counted) - 1 - turn < limits.min_tail:
        return None
    rise = _change(val_loss, turn, limits.min_rise, limits.noise_factor, +1)
    fall = _change(fit_loss, turn, limits.min_fall, limits.noise_factor, -1)
    if rise is None or fall is None:
        return None
    return Overfitting(
        since_epoch=int(counted[turn + 1]['epoch']),
        best_epoch=int(counted[best]['epoch']),
        val_loss_then=rise[0],
        val_loss_now=rise[1],
        train_eval_loss_then=fall[0],
        train_eval_loss_now=fall[1],
    )


def _complete(row: Row, monitor: str) -> bool:
    values = (row.get(key) for key in ('val/loss', 'train_eval/loss', monitor))
    return all(isinstance(v, (int, float)) and math.isfinite(v) for v in values)


def _smoothed(values: Sequence[float]) -> list[float]:
    half = _SMOOTH // 2  # a median keeps the corner that a rate cut leaves where it is
    return [median(values[max(0, i - half) : i + half + 1]) for i in range(len(values))]


def _noise(values: Sequence[float]) -> float:
    """Standard deviation of a curve's jitter, blind to its trend and to single jumps.

    Second differences of independent noise have six times its variance and no linear trend;
    their median absolute value x 1.4826 is a robust standard deviation.
    """
    bends = [a - 2 * b + c for a, b, c in zip(values, values[1:], values[2:])]
    return 1.4826 * median(abs(bend) for bend in bends) / math.sqrt(6)


def _change(
    values: Sequence[float], turn: int, relative: float, factor: float, sign: int
) -> tuple[float, float] | None:
    """(then, now) where the curve really moved in the direction of `sign` since `turn`."""
    then, now = _smoothed(values)[turn], fmean(values[-_SMOOTH:])
    tail = values[turn + 1 :]
    noise = _noise(values)
    if len(tail) >= _LONG_TAIL:  # the bends of a steep start are no noise of the flat end
        noise = min(noise, _CAUTION * _noise(values[turn:]))
    needed = max(relative * abs(then), factor * noise)
    half = len(tail) // 2
    goes_on = sign * (median(tail[-half:]) - median(tail[:half])) > 0  # not a bump that passed
    return (then, now) if sign * (now - then) > needed and goes_on else None
