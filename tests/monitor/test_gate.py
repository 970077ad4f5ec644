from __future__ import annotations

import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.early_stop import EarlyStopDecision
from mmholdout.monitor.gate import CountingGate

ITERS_PER_EPOCH = 10


@pytest.mark.parametrize(
    ('begin', 'warmup_iters', 'first_epoch'),
    [(1, 0, 1), (5, 0, 5), (1, 25, 3), (1, 30, 3), (1, 31, 4), (6, 25, 6), (2, 70, 7)],
)
def test_the_first_epoch_that_counts(begin, warmup_iters, first_epoch):
    gate = CountingGate(begin, warmup_iters)
    counting = [epoch for epoch in range(1, 11) if gate.counts(epoch, epoch * ITERS_PER_EPOCH)]
    assert counting == list(range(first_epoch, 11))


def test_every_validation_counts_where_nothing_is_said():
    assert CountingGate().counts(1, 0)


@pytest.mark.parametrize(
    ('scores', 'patience', 'begin', 'warmup_iters', 'stop_epoch'),
    [
        # mAP near zero for long, as from scratch
        ([0.0] * 5 + [0.1, 0.2, 0.3, 0.3, 0.3], 1, 1, 0, 3),
        ([0.0] * 5 + [0.1, 0.2, 0.3, 0.3, 0.3], 1, 6, 0, 10),
        ([0.0] * 5 + [0.1, 0.2, 0.3, 0.3, 0.3], 1, 1, 55, 10),
        # a lucky value before begin is not the best to beat
        ([0.9, 0.1, 0.2, 0.3, 0.4, 0.5], 1, 2, 0, None),
        # nothing is counted twice: begin after the run ends, no stop
        ([0.5] * 6, 0, 7, 0, None),
        ([0.5] * 6, 0, 3, 0, 4),
    ],
)
def test_scores_patience_begin_to_epoch(scores, patience, begin, warmup_iters, stop_epoch):
    gate, decision = CountingGate(begin, warmup_iters), EarlyStopDecision('max', patience)
    stopped = None
    for epoch, score in enumerate(scores, 1):
        if gate.counts(epoch, epoch * ITERS_PER_EPOCH) and decision.observe(score, epoch):
            stopped = epoch
            break
    assert stopped == stop_epoch


@pytest.mark.parametrize(
    'options', [{'begin_epoch': 0}, {'begin_epoch': 1.0}, {'warmup_iters': -1}]
)
def test_impossible_options(options):
    with pytest.raises(ConfigError, match='must be an integer'):
        CountingGate(**options)
