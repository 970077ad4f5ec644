"""When validation is due."""

from __future__ import annotations

from mmholdout.monitor.arguments import whole


class ValidationInterval:
    """Every `interval` epochs or iterations, and at the end of the run in any case.

    Positions are counted from the start of the run, so a resumed run validates where an
    uninterrupted one does. Exactly one of the two methods answers yes at the end.

    Args:
        interval: >= 1.
        by_epoch: whether it counts epochs; else iterations.
        begin: no validation before this epoch (from 1), the end of the run excepted.
    """

    def __init__(self, interval: int = 1, by_epoch: bool = True, begin: int = 1) -> None:
        self.interval = whole('interval', interval, 1)
        self.by_epoch = by_epoch
        self.begin = whole('begin', begin, 1)

    def due_after_epoch(self, epoch: int, is_last: bool) -> bool:
        """Whether to validate after `epoch` epochs, the run's last or not."""
        return self.by_epoch and self._due(epoch, epoch, is_last)

    def due_after_iter(self, iteration: int, epoch: int, is_last: bool) -> bool:
        """Whether to validate after `iteration` iterations, in epoch `epoch` (from 1)."""
        return not self.by_epoch and self._due(iteration, epoch, is_last)

    def _due(self, position: int, epoch: int, is_last: bool) -> bool:
        return is_last or (epoch >= self.begin and position % self.interval == 0)
