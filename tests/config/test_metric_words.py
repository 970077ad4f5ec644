from __future__ import annotations

import pytest

from mmholdout.config.metric_words import asked_besides, default_monitor, how_to_measure
from mmholdout.config.monitors import declared_metrics
from mmholdout.config.translate import translate


@pytest.mark.parametrize(
    ('metric', 'besides', 'monitor'),
    [
        ('mAP', (), 'mAP'),
        (['F1', 'AP50'], (), 'F1'),
        ('coco', ('coco',), 'coco_AP'),
        ('coco_AP75', ('coco',), 'coco_AP75'),
        (['coco', 'mAP'], ('coco',), 'mAP'),
        (['errors', 'coco'], ('coco', 'errors'), 'coco_AP'),
        ('errors', ('errors',), 'mAP'),
        ([], (), 'mAP'),
    ],
)
def test_what_is_measured_besides_and_what_selects(metric, besides, monitor):
    assert asked_besides(metric) == besides
    assert default_monitor(metric) == monitor


@pytest.mark.parametrize(
    'metric', ["'coco'", "['mAP', 'coco']", "'coco_AP_small'", "['errors']", "('coco', 'errors')"]
)
def test_metrics_that_there_are(problems_of, metric):
    assert problems_of(f'evaluation = dict(metric={metric})') == []


@pytest.mark.parametrize(
    ('metric', 'message'),
    [
        ("'coco_AP5'", "Did you mean 'coco_AP50'"),
        ("'Coco'", "Did you mean 'coco'?"),
        ("['mAP', 'error']", "Did you mean 'errors'?"),
        ("'coco_mAP'", 'coco_AP_small'),  # all of them are listed
    ],
)
def test_near_names(problems_of, metric, message):
    problems = problems_of(f'evaluation = dict(metric={metric}, save_best="mAP")')
    assert len(problems) == 1 and message in problems[0], problems


def test_the_metric_takes_the_others_place_with_its_options(child):
    text = (
        "evaluation = dict(metric=['mAP', 'coco', 'errors'], iou_thr=0.6)\n"
        "val_evaluator = dict(type='VOCMetric', ap_mode='11points')\n"
    )
    words = translate(child(text).cfg)
    assert words['val_evaluator'] == words['test_evaluator']
    assert words['val_evaluator'] == {
        'type': 'DetectionMetric',
        'ap_mode': '11points',
        'iou_thr': 0.6,
        'also': ['coco', 'errors'],
    }
    assert words['default_hooks']['best']['monitor'] == 'mAP'


def test_directions_are_known_without_data(child):
    declared = declared_metrics(
        translate(child("evaluation = dict(metric=['mAP', 'coco', 'errors'])").cfg)
    )
    assert declared['val/coco_AP'] == declared['val/coco_AP/cat'] == declared['val/AP/cat'] == 'max'
    assert declared['val/tide/miss'] == declared['val/ECE'] == 'min'
    assert declared['val/score_thr/cat'] is None
    plain = declared_metrics(translate(child().cfg))
    assert not any('coco' in key or 'tide' in key for key in plain)


HOOKS = "custom_hooks = [dict(type='EarlyStoppingHook', monitor='{}')]\n"


def test_a_monitor_of_what_was_not_asked_for_says_how_to_ask(problems_of):
    for monitor in ('coco_AP', 'val/coco_AP/cat'):
        (problem,) = problems_of(HOOKS.format(monitor))
        assert "measured with evaluation=dict(metric=['mAP', 'coco'])" in problem
    (problem,) = problems_of(HOOKS.format('tide/miss'))
    assert "['mAP', 'errors']" in problem
    assert how_to_measure('mAPP') == how_to_measure(3) == ''


def test_a_monitor_that_was_asked_for(problems_of):
    asked = "evaluation = dict(metric=['mAP', 'coco'])\n"
    assert problems_of(asked + HOOKS.format('coco_AP')) == []
    (problem,) = problems_of(asked + HOOKS.format('coco_Ap_smal'))
    assert "Did you mean 'coco_AP_small'" in problem
    wrong = HOOKS.format('coco_AP').replace(')]', ", mode='min')]")
    assert any('contradicts' in problem for problem in problems_of(asked + wrong))


def test_an_evaluator_that_cannot_measure_it(problems_of):
    problems = problems_of(
        "evaluation = dict(metric='coco')\nval_evaluator = [dict(type='mmdet.DumpDetResults')]"
    )
    assert any("'coco': measured by VOCMetric" in problem for problem in problems), problems


def test_also_is_said_in_evaluation_alone(problems_of):
    problems = problems_of("val_evaluator = dict(type='DetectionMetric', also=['coco'])")
    assert any('here it is evaluation.metric' in problem for problem in problems), problems
