"""What goes wrong on a split, measured with the other metrics."""

from __future__ import annotations

import pytest

from mmholdout.evaluation.error_metric import ErrorMetric
from mmholdout.registry import METRICS


@pytest.fixture
def measured(make_dataset, make_sample, boxes):
    a, b = boxes
    dataset = make_dataset({'x': [(a, 0, 0)], 'y': [(b, 1, 0)], 'empty': []})
    samples = [
        make_sample('x', [a, b], [0.9, 0.4], [0, 1]),
        make_sample('y', [b], [0.8], [0]),  # the right place, the wrong class
        make_sample('empty', [a], [0.3], [0]),
    ]

    def measure(metric, **kwargs):
        metric.begin(dataset, **kwargs)
        metric.process(None, samples)
        return metric.compute()

    return measure


def test_a_pass(measured):
    metric = METRICS.build({'type': 'ErrorMetric'})
    values = measured(metric)
    assert set(values) <= set(ErrorMetric.declared_keys(['cat', 'dog']))
    assert values['tide/cls'] == pytest.approx(0.5)
    assert values['score_thr/cat'] == pytest.approx(0.9)
    assert values['F1/cat'] == 1.0
    assert metric.result.confusion.counts.tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]


def test_on_test_no_threshold_is_chosen(measured):
    metric = ErrorMetric()
    values = measured(metric, score_thr=0.35)
    assert values['fp_per_image'] == pytest.approx(2 / 3)
    assert metric.result.point.score_thr == 0.35
    assert not [key for key in values if key.startswith(('score_thr', 'F1'))]


def test_another_overlap(measured):
    metric = ErrorMetric(iou_thr=0.1)
    measured(metric)
    assert (metric.result.iou_thr, metric.result.tide.bg_thr) == (0.1, 0.05)


def test_declared_keys():
    declared = ErrorMetric.declared_keys(['cat'])
    assert declared['tide/cls'] == declared['ECE'] == 'min'
    assert declared['score_thr/cat'] is None
