import math

import pytest

from mmholdout.hooks import BestModelHook


@pytest.mark.parametrize(
    ('values', 'saved'),
    [
        ([0.1, 0.3, 0.2, 0.3, 0.4], [1, 2, 5]),  # a tie keeps the earlier one
        ([math.nan, 0.0, math.nan], [2]),
        ([math.nan], []),
    ],
)
def test_saves_strict_improvements(scripted, values, saved):
    run = scripted(BestModelHook('mAP'))
    run.run(values)
    assert [epoch for epoch, _ in run.best_saved] == saved


def test_warm_up_counts_for_the_best(scripted):
    run = scripted(BestModelHook('mAP'), warmup_iters=10_000)
    run.run([0.1])
    assert run.best_saved


def test_loss_improves_downwards(scripted):
    run = scripted(BestModelHook('loss'))
    run.run([2.0, 3.0, 1.0], key='val/loss')
    assert [epoch for epoch, _ in run.best_saved] == [1, 3]


def test_best_survives_a_resume(scripted):
    first = BestModelHook('mAP')
    scripted(first).run([0.6])
    second = BestModelHook('mAP')
    second.load_state_dict(first.state_dict())
    run = scripted(second)
    run.run([0.5])
    assert not run.best_saved
