from __future__ import annotations

import pytest

from mmholdout.config.evaluation import DEFAULTS, evaluation_words


def test_defaults_are_filled_in():
    assert evaluation_words({}) == {**DEFAULTS, 'save_best': 'mAP'}


@pytest.mark.parametrize(
    ('metric', 'best'),
    [('mAP', 'mAP'), ('F1', 'F1'), (['AP50', 'mAP'], 'mAP'), (['AP50', 'F1'], 'AP50'), ([], 'mAP')],
)
def test_the_first_metric_selects_unless_said_otherwise(metric, best):
    assert evaluation_words({'evaluation': {'metric': metric}})['save_best'] == best
    given = evaluation_words({'evaluation': {'metric': metric, 'save_best': 'recall'}})
    assert given['save_best'] == 'recall'


@pytest.mark.parametrize(
    ('key', 'value', 'message'),
    [
        ('interval', '0', 'must be an integer >= 1, got 0'),
        ('interval', '-1', 'must be an integer >= 1'),
        ('interval', 'True', 'must be an integer >= 1'),
        ('interval', '1.0', 'must be an integer >= 1'),
        ('interval', '13', 'beyond train_cfg.max_epochs=12'),
        ('begin', '13', 'beyond train_cfg.max_epochs=12'),
        ('begin', '0', 'must be an integer >= 1'),
        ('train_eval', '-1', 'must be an integer >= 0'),
        ('bootstrap', '-1', 'must be 0 (no intervals) or an integer >= 100, got -1'),
        ('bootstrap', '99', 'or an integer >= 100'),
        ('bootstrap', 'True', 'or an integer >= 100'),
        ('by_epoch', '1', 'must be True or False'),
        ('loss', "'yes'", 'must be True or False'),
        ('iou_thr', '1.0', 'must be a number in (0, 1)'),
        ('iou_thr', '[0.5]', 'got [0.5]; AP50 and AP75 are measured in any case'),
        ('metric', "'map'", "Did you mean 'mAP'?"),
        ('metric', '[]', 'names no metric'),
        ('metric', "['mAP', 'box']", "there is no metric 'box'"),
        ('save_best', "'mAPP'", "Did you mean 'mAP'?"),
        ('save_best', "'test/mAP'", 'test split'),
        ('save_best', "'score_thr'", 'no direction'),
    ],
)
def test_values_that_cannot_be(problems_of, key, value, message):
    (problem,) = problems_of(f'evaluation = dict({key}={value})')
    assert problem.startswith(f'evaluation.{key} (child.py:2): ')
    assert message in problem


def test_an_interval_in_iterations_may_exceed_the_epochs(problems_of):
    assert problems_of('evaluation = dict(interval=500, by_epoch=False)') == []


@pytest.mark.parametrize('replicates', [0, 100])
def test_intervals_can_be_switched_off_and_made_cheaper(problems_of, replicates):
    assert problems_of(f'evaluation = dict(bootstrap={replicates})') == []
