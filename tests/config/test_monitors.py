from __future__ import annotations

import pytest

from mmholdout.config.monitors import declared_metrics, resolved_monitors
from mmholdout.config.translate import translate
from mmholdout.errors import ConfigError
from mmholdout.registry import METRICS


def test_declared_keys_have_prefixes_and_directions(child):
    declared = declared_metrics(translate(child().cfg))
    assert declared['val/mAP'] == 'max'
    assert declared['val/loss'] == 'min'
    assert not any(key.startswith('train_eval/') for key in declared)
    assert declared['val/AP/cat'] == 'max'


def test_what_is_not_measured_is_not_declared(child):
    text = 'evaluation = dict(loss=False, train_eval=0)'
    declared = declared_metrics(translate(child(text).cfg))
    assert 'val/loss' not in declared
    assert not any(key.startswith('train_eval/') for key in declared)


def test_ends_of_intervals_are_declared_where_there_are_some_and_cannot_be_monitored(
    child, problems_of
):
    assert declared_metrics(translate(child().cfg))['val/mAP_low'] is None
    without = declared_metrics(translate(child('evaluation = dict(bootstrap=0)').cfg))
    assert 'val/mAP_low' not in without
    (problem,) = problems_of("evaluation = dict(save_best='mAP_low')")
    assert 'has no direction' in problem


def test_what_each_monitor_means(child):
    loaded = child("evaluation = dict(save_best='val/loss')")
    assert resolved_monitors(loaded.cfg, translate(loaded.cfg)) == {
        'evaluation.save_best': ('val/loss', 'min'),
        'custom_hooks.0.monitor': ('val/mAP', 'max'),
        'custom_hooks.1.monitor': ('val/mAP', 'max'),
    }


@pytest.mark.parametrize(
    ('hook', 'path', 'message'),
    [
        ("monitor='mAPP'", 'monitor', "Did you mean 'mAP'"),
        ("monitor='val/maP'", 'monitor', "Did you mean 'val/mAP'"),
        ("monitor='test/mAP'", 'monitor', 'test split'),
        ("monitor='train_eval/mAP'", 'monitor', 'train_eval split'),
        ("monitor='score_thr'", 'monitor', 'no direction'),
        ("monitor='mAP', mode='min'", 'mode', 'contradicts'),
        ("monitor='loss', mode='max'", 'mode', 'contradicts'),
        ("monitor='mAP', mode='most'", 'mode', 'most'),
        ("monitor='auto'", 'monitor', "'auto' is no metric"),
    ],
)
def test_monitors_that_cannot_be(problems_of, hook, path, message):
    problems = problems_of(f"custom_hooks = [dict(type='EarlyStoppingHook', {hook})]")
    assert any(
        p.startswith(f'custom_hooks.0.{path} (child.py:2)') and message in p for p in problems
    )


def test_a_loss_that_is_not_measured_cannot_be_monitored(problems_of):
    hooks = "custom_hooks = [dict(type='EarlyStoppingHook', monitor='loss')]"
    (problem,) = problems_of(f'evaluation = dict(loss=False)\n{hooks}')
    assert "monitor 'loss' is not among" in problem


@pytest.fixture
def metric():
    registered = []

    def register(**members):
        name = f'MetricOfATest{len(registered)}'
        METRICS.register_module(name=name, module=type(name, (), members))
        registered.append(name)
        return name

    yield register
    for name in registered:
        METRICS.module_dict.pop(name)


def test_a_users_metric_declares_its_own_keys(child, metric):
    name = metric(declared_keys=staticmethod(lambda classes, iou_thr: {'mine': 'min'}))
    loaded = child(f"val_evaluator = dict(type='{name}')\nevaluation = dict(save_best='mine')")
    assert declared_metrics(translate(loaded.cfg))['val/mine'] == 'min'


def test_a_metric_that_declares_nothing_is_refused(child, metric):
    loaded = child(f"val_evaluator = dict(type='{metric()}')")
    with pytest.raises(ConfigError, match='has no static method declared_keys'):
        declared_metrics(translate(loaded.cfg))


def test_significance_of_what_cannot_be_compared(problems_of):
    hook = "custom_hooks = [dict(type='EarlyStoppingHook', monitor='{}', significance=0.9)]"
    assert problems_of(hook.format('mAP')) == []
    (problem,) = problems_of(hook.format('loss'))
    assert problem.startswith('custom_hooks.0.significance (child.py:2): ')
    assert 'compares average precision' in problem
