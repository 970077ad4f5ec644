from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from torch import nn

from mmholdout.loops import test_loop
from mmholdout.loops.test_loop import TestLoop
from mmholdout.metrics.bootstrap_intervals import Intervals
from mmholdout.metrics.intervals import Interval


@pytest.mark.parametrize(('chosen', 'used'), [(0.37, 0.37), (None, 0.5)])
def test_the_threshold_is_never_chosen_on_test(monkeypatch, chosen, used):
    given = {}

    def measure(*args, **options):
        given.update(options)
        return {'mAP': 0.5}

    monkeypatch.setattr(test_loop, 'measure', measure)
    metric = SimpleNamespace(options=SimpleNamespace(fixed_score_thr=0.5))
    calls = []
    runner = SimpleNamespace(
        model=nn.Linear(1, 1),
        call_hook=lambda name, **kwargs: calls.append(name),
        measuring=nullcontext,
    )
    loop = TestLoop(runner, object(), [metric], score_thr=chosen)
    assert loop.run() == {'test/mAP': 0.5}
    assert given['score_thr'] == used
    assert given['loss_group'] is None
    assert calls == ['before_test', 'before_test_epoch', 'after_test_epoch', 'after_test']


def test_the_numbers_come_with_their_intervals(monkeypatch):
    monkeypatch.setattr(test_loop, 'measure', lambda *args, **options: {'mAP': 0.5})
    intervals = Intervals({'mAP': Interval(0.4, 0.625)}, {'precision': 'too few detections'})
    asked = []
    result = SimpleNamespace(intervals=lambda replicates: asked.append(replicates) or intervals)
    runner = SimpleNamespace(
        model=nn.Linear(1, 1), call_hook=lambda name, **kwargs: None, measuring=nullcontext
    )
    metric = SimpleNamespace(result=result)
    loop = TestLoop(runner, object(), [metric], score_thr=0.5, bootstrap=30)
    assert loop.run() == {'test/mAP': 0.5, 'test/mAP_low': 0.4, 'test/mAP_high': 0.625}
    assert asked == [30]
    assert loop.intervals is intervals

    without = TestLoop(runner, object(), [metric], score_thr=0.5)
    assert without.run() == {'test/mAP': 0.5}
    assert without.intervals is None


def test_thresholds_of_classes_are_given_to_metrics_that_take_them():
    """Also where there are none: a metric that got nothing would choose on the test split."""
    for given in (None, {}, {'cat': 0.25}):
        takes = SimpleNamespace(options=SimpleNamespace(fixed_score_thr=0.5), class_score_thrs=None)
        other = SimpleNamespace()
        loop = TestLoop(None, object(), [takes, other], 0.5, class_score_thrs=given)
        assert takes.class_score_thrs == loop.class_score_thrs == (given or {})
        assert not hasattr(other, 'class_score_thrs')
