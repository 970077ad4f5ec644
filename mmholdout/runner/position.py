"""A saved position in a training split that now makes epochs of another length."""

from __future__ import annotations

from typing import Any


def fit_position(
    position: dict[str, Any], before: int, now: int, *, by_epoch: bool
) -> tuple[dict[str, Any], str | None]:
    """The position at the same place of the same epoch, and a sentence where that is another.

    Args:
        position: state of the training loop: `epoch` and `step` completed, `iter` in all.
        before: iterations an epoch when it was saved.
        now: iterations an epoch in this run.
        by_epoch: whether the run's length is given in epochs; its iterations are counted as if
            all epochs had been of the present length, so that limit and schedule fit. A length
            in iterations stays what it is.
    """
    if before == now:
        return position, None
    epoch, step = int(position['epoch']), int(position['step'])
    step = min(-(-step * now // before), now - 1)
    iteration = epoch * now + step if by_epoch else position['iter']
    sentence = (
        f'an epoch has {now} iterations now and had {before}: the run goes on in epoch '
        f'{epoch + 1} after {step} of them, counted as iteration {iteration}'
    )
    return {**position, 'step': step, 'iter': iteration}, sentence
