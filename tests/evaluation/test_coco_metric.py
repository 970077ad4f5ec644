"""COCO's numbers of a pass, with the same collecting as VOC's."""

from __future__ import annotations

import pytest

from mmholdout.errors import DataError
from mmholdout.evaluation.coco_metric import COCOMetric
from mmholdout.registry import METRICS


@pytest.fixture
def dataset(make_dataset, boxes):
    a, b = boxes
    return make_dataset({'x': [(a, 0, 0), (b, 1, 1)], 'y': [(b, 0, 0)], 'empty': []})


def run(metric, dataset, samples, **kwargs):
    metric.begin(dataset, **kwargs)
    metric.process(None, samples)
    return metric.compute()


def test_a_pass(dataset, make_sample, boxes):
    a, b = boxes
    metric = METRICS.build({'type': 'COCOMetric'})
    samples = [
        make_sample('y', [b], [0.6], [0]),
        make_sample('x', [a, b, b], [0.9, 0.8, 0.7], [0, 1, 1]),  # a crowd is found twice
        make_sample('empty'),
    ]
    values = run(metric, dataset, samples)
    assert values['coco_AP'] == values['coco_AP50'] == values['coco_AP/cat'] == pytest.approx(1)
    assert values['coco_AR1'] == pytest.approx(1)
    assert 'coco_AP/dog' not in values and 'coco_AP_large' not in values  # absent is absent
    assert set(values) <= set(COCOMetric.declared_keys(['cat', 'dog']))
    assert set(COCOMetric.declared_keys().values()) == {'max'}
    assert metric.result.num_images == 3
    metric.begin(dataset)
    assert metric.result is None


def test_taken_predictions_give_the_same(dataset, make_sample, boxes):
    a, b = boxes
    samples = [
        make_sample('x', [a], [0.9], [0]),
        make_sample('y', [a], [0.6], [0]),
        make_sample('empty', [b], [0.7], [0]),
    ]
    first, again = COCOMetric(), COCOMetric()
    values = run(first, dataset, samples)
    again.begin(dataset)
    again.take(first.predictions)
    assert again.compute() == values
    assert 0 < values['coco_AP50'] < 1


def test_an_image_without_predictions(dataset, make_sample):
    with pytest.raises(DataError, match='2 of 3 images have no predictions'):
        run(COCOMetric(), dataset, [make_sample('empty')])
