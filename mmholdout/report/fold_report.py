"""What the folds of one config came to, and how little their spread tells."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FoldResult:
    """One fold.

    Attributes:
        number: of the fold.
        monitor: full key of the value that chose its best epoch; None where it has none.
        best: that value, on the fold's own val images.
        best_epoch: its epoch.
        stopped_epoch: the last epoch that was trained.
        stop_reason: why it ended; None while it has not.
    """

    number: int
    monitor: str | None = None
    best: float | None = None
    best_epoch: int | None = None
    stopped_epoch: int | None = None
    stop_reason: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it has a result: it has come to its end, and a best value was found."""
        ended = self.stop_reason not in (None, 'interrupted', 'non_finite_loss')
        return ended and self.best is not None


def fold_report(results: Sequence[FoldResult], notes: Sequence[str] = ()) -> str:
    """A line for each fold, mean and standard deviation, and what they are not.

    The standard deviation divides by n - 1 and is that of single folds, not of their mean.

    Args:
        results: of the folds, in any order.
        notes: what else is to be known, say folds that do not belong together.
    """
    results = sorted(results, key=lambda one: one.number)
    counted = [one for one in results if one.counts]
    lines = [_line(one) for one in results]
    monitors = sorted({str(one.monitor) for one in counted})
    if len(monitors) > 1:
        lines.append(f'no mean: the folds were chosen by different values ({", ".join(monitors)})')
    elif counted:
        lines += _numbers([one.best for one in counted if one.best is not None], monitors[0])
    rest = [str(one.number) for one in results if not one.counts]
    if rest:
        lines.append(f'not counted, because they have no result yet: folds {", ".join(rest)}')
    return '\n'.join([*lines, *(f'warning: {note}' for note in notes), *_honest(len(counted))])


def _line(one: FoldResult) -> str:
    head = f'fold {one.number}: '
    if one.stop_reason is None:
        return f'{head}not finished'
    ended = f'stopped: {one.stop_reason} after epoch {one.stopped_epoch}'
    if one.best is None:
        return f'{head}no best epoch; {ended}'
    return f'{head}best {one.monitor} = {one.best:.4f} at epoch {one.best_epoch}; {ended}'


def _numbers(values: Sequence[float], monitor: str) -> list[str]:
    folds = f'{len(values)} fold' + 's' * (len(values) != 1)
    text = f'best {monitor} over {folds}: mean {statistics.fmean(values):.4f}'
    if len(values) > 1:
        text += (
            f', standard deviation {statistics.stdev(values):.4f} '
            f'(lowest {min(values):.4f}, highest {max(values):.4f})'
        )
    return [text]


def _honest(count: int) -> list[str]:
    if count == 0:
        return []
    lines = ['these are validation numbers: each best epoch was chosen on the val images that']
    lines[0] += ' it is measured on, so they flatter; none of them is a test number'
    if count > 1:
        lines.append(
            'the folds share training images, so they are not independent: the standard deviation '
            'is no error of the mean, and not that of a new data set'
        )
    return lines
