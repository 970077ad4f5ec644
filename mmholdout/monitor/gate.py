"""From which validation on decisions count."""

from __future__ import annotations

from mmholdout.monitor.arguments import whole


class CountingGate:
    """Closed before `begin_epoch` and before warm-up has ended.

    From scratch a metric stays near zero for many epochs; to count those would cut the rate or
    stop the run before it has begun to learn.

    Args:
        begin_epoch: the first epoch whose validation counts, from 1.
        warmup_iters: length of the warm-up, 0 for none.
    """

    def __init__(self, begin_epoch: int = 1, warmup_iters: int = 0) -> None:
        self.begin_epoch = whole('begin', begin_epoch, 1)
        self.warmup_iters = whole('warmup.iters', warmup_iters, 0)

    def counts(self, epoch: int, iteration: int) -> bool:
        """Whether the validation after `epoch` epochs and `iteration` iterations counts."""
        return epoch >= self.begin_epoch and iteration >= self.warmup_iters
