"""Predictions are collected once per image, whatever is measured from them."""

from __future__ import annotations

import pytest

from mmholdout.errors import DataError
from mmholdout.evaluation.detection_metric import DetectionMetric


class Counting(DetectionMetric):
    def measure(self, detections, ground_truth, image_names):
        self.seen = list(image_names)
        return {'dets': float(sum(len(d.labels) for d in detections)), 'gts': len(ground_truth)}


@pytest.fixture
def dataset(make_dataset, boxes):
    return make_dataset({'x': [(boxes[0], 0, 0)], 'y': [], 'z': []})


def test_each_image_counts_once_in_the_order_of_the_split(dataset, make_sample, boxes):
    metric = Counting()
    metric.begin(dataset)
    metric.process(None, [make_sample('z'), make_sample('x', [boxes[0]], [0.9], [0])])
    metric.process(None, [make_sample('y'), make_sample('z', [boxes[1]], [0.8], [1])])  # padding
    assert metric.compute() == {'dets': 1.0, 'gts': 3}
    assert metric.seen == list(metric.predictions) == ['x', 'y', 'z']


def test_a_new_pass_knows_nothing_of_the_last(dataset, make_sample):
    metric = Counting()
    metric.begin(dataset)
    metric.process(None, [make_sample(name) for name in 'xyz'])
    metric.compute()
    metric.begin(dataset)
    with pytest.raises(DataError, match='3 of 3 images have no predictions'):
        metric.compute()


def test_strangers(dataset, make_sample):
    metric = Counting()
    with pytest.raises(RuntimeError, match=r'Counting\.begin'):
        metric.process(None, [make_sample('x')])
    metric.begin(dataset)
    with pytest.raises(DataError, match="'stranger'"):
        metric.process(None, [make_sample('stranger')])
    with pytest.raises(NotImplementedError):
        DetectionMetric().measure([], [], [])
