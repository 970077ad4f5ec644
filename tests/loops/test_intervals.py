from types import SimpleNamespace

from mmholdout.loops.intervals import intervals_of
from mmholdout.metrics.bootstrap_intervals import Intervals


def metric(intervals=None):
    return SimpleNamespace(result=intervals and SimpleNamespace(intervals=intervals))


def test_the_first_metric_that_has_some_gives_them():
    asked = []

    def of_result(replicates):
        asked.append(replicates)
        return Intervals({}, {'mAP': 'none'})

    other = SimpleNamespace()  # a metric of the user's, without a result
    found = intervals_of([other, metric(), metric(of_result), metric(of_result)], 300)
    assert found.reasons == {'mAP': 'none'}
    assert asked == [300]


def test_none():
    assert intervals_of([metric()], 300) is None
    assert intervals_of([metric(lambda replicates: 1 / 0)], 0) is None
