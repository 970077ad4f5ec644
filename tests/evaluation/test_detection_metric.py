from __future__ import annotations

from dataclasses import asdict

import pytest

from mmholdout.errors import ConfigError, DataError
from mmholdout.evaluation.detection_metric import DetectionMetric
from mmholdout.evaluation.voc_metric import VOCMetric
from mmholdout.metrics import class_points
from mmholdout.registry import METRICS

ALSO = ('coco', 'errors')


@pytest.fixture
def dataset(make_dataset, boxes):
    a, b = boxes
    return make_dataset({'x': [(a, 0, 0), (b, 1, 1)], 'y': [(b, 0, 0)], 'empty': []})


@pytest.fixture
def samples(make_sample, boxes):
    a, b = boxes
    return [
        make_sample('x', [a, b], [0.9, 0.8], [0, 1]),
        make_sample('y', [b], [0.6], [0]),
        make_sample('empty', [a], [0.7], [0]),
    ]


def run(metric, dataset, samples, **kwargs):
    metric.begin(dataset, **kwargs)
    metric.process(None, samples)
    return metric.compute()


@pytest.mark.parametrize('also', [(), ('coco',), ('errors',), ALSO])
def test_voc_is_the_same_whatever_is_measured_besides(dataset, samples, also) -> None:
    plain = run(VOCMetric(), dataset, samples)
    metric = METRICS.build({'type': 'DetectionMetric', 'also': list(also)})
    values = run(metric, dataset, samples)
    assert {key: values[key] for key in plain} == plain
    assert set(values) <= set(DetectionMetric.declared_keys(['cat', 'dog'], 0.5, also))
    assert ('coco_AP' in values) == ('coco' in also)
    assert ('tide/miss' in values) == ('errors' in also)
    assert metric.result.options == VOCMetric().options


def test_voc_metric_is_one_with_the_options_of_earlier_versions() -> None:
    metric = VOCMetric(iou_thr=0.7)
    assert isinstance(metric, DetectionMetric)
    names = ['iou_thr', 'ap_mode', 'legacy_pixel', 'fixed_score_thr']
    assert list(asdict(metric.options)) == names
    assert list(asdict(DetectionMetric(also=ALSO).options)) == [*names, 'also']


def test_a_difficult_object_is_a_crowd_for_coco(dataset, samples) -> None:
    """'dog' has none to be found: no AP; what lies on the difficult one is no error."""
    values = run(DetectionMetric(also=ALSO), dataset, samples)
    assert 'coco_AP/dog' not in values and 'AP/dog' not in values
    assert values['coco_AP'] == pytest.approx((51 * 1 + 50 * 2 / 3) / 101)
    assert values['tide/false_pos'] > 0 and values['tide/false_neg'] == 0
    assert values['fp_per_image'] == pytest.approx(1 / 3)  # at the threshold of the best F1, 0.6


def test_thresholds_by_class(dataset, samples, monkeypatch) -> None:
    metric = DetectionMetric(also=['errors'])
    values = run(metric, dataset, samples)
    assert values['score_thr/cat'] == pytest.approx(0.6)
    assert metric.best_class_score_thrs == {}  # two objects are too few
    monkeypatch.setattr(class_points, 'LEAST_OBJECTS', 2)
    assert metric.best_class_score_thrs == {'cat': pytest.approx(0.6)}


def test_given_thresholds_are_used_and_none_is_chosen(dataset, samples) -> None:
    metric = DetectionMetric(also=['errors'])
    metric.class_score_thrs = {'cat': 0.8}
    values = run(metric, dataset, samples, score_thr=0.95)
    assert (values['score_thr/cat'], values['F1/cat']) == (0.8, pytest.approx(2 / 3))
    metric.class_score_thrs = {}
    values = run(metric, dataset, samples, score_thr=0.95)
    assert (values['score_thr/cat'], values['F1/cat']) == (0.95, 0.0)


@pytest.mark.parametrize('also', ALSO)
def test_stored_predictions_give_the_same_numbers(dataset, samples, also) -> None:
    metric, again = DetectionMetric(also=[also]), DetectionMetric(also=[also])
    expected = run(metric, dataset, samples)
    again.begin(dataset)
    again.take(metric.predictions)
    assert again.compute() == expected


@pytest.mark.parametrize('also', [(), ALSO])
@pytest.mark.parametrize(
    ('box', 'score', 'label', 'message'),
    [
        ([0, 0, 5, 5], float('nan'), 0, 'score nan'),
        ([5, 0, 0, 5], 0.5, 0, 'negative side'),
        ([0, 0, float('inf'), 5], 0.5, 0, 'box'),
        ([0, 0, 5, 5], 0.5, 2, 'label 2'),
    ],
)
def test_what_cannot_be_measured_names_the_image(
    dataset, samples, make_sample, also, box, score, label, message
) -> None:
    broken = make_sample('empty', [box], [score], [label])
    with pytest.raises(DataError, match=f"image 'empty' .*{message}"):
        run(DetectionMetric(also=also), dataset, [*samples[:2], broken])


def test_nothing_detected_at_all(dataset, make_sample) -> None:
    nothing = [make_sample(name) for name in ('x', 'y', 'empty')]
    values = run(DetectionMetric(also=ALSO), dataset, nothing)
    assert values['coco_AP'] == values['mAP'] == values['F1/cat'] == 0.0
    assert 'score_thr' not in values and 'score_thr/cat' not in values
    metric = DetectionMetric(also=ALSO)
    metric.class_score_thrs = {}
    assert run(metric, dataset, nothing, score_thr=0.5)['F1/cat'] == 0.0


def test_arguments_are_checked_without_data() -> None:
    with pytest.raises(ConfigError, match="Did you mean 'coco'"):
        DetectionMetric(also=['cocoo'])
