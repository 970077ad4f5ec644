from __future__ import annotations

import pytest

from mmholdout.config.ema import ema_words
from mmholdout.config.translate import translate


@pytest.mark.parametrize(
    ('text', 'hook'),
    [
        ('', None),
        ('ema = False', None),
        ('ema = None', None),
        ('ema = True', {'type': 'EMAHook'}),
        ('ema = dict(momentum=1e-3, begin=2)', {'type': 'EMAHook', 'momentum': 1e-3, 'begin': 2}),
    ],
)
def test_one_line_is_a_hook(child, problems_of, text, hook):
    assert problems_of(text) == []
    words = translate(child(text).cfg)
    assert words['default_hooks'].get('ema') == hook
    assert 'ema' not in words


def test_from_the_command_line(child):
    assert translate(child('', 'ema=True').cfg)['default_hooks']['ema'] == {'type': 'EMAHook'}
    words = translate(child('ema = dict(momentum=0.1)', 'ema.gamma=0').cfg)
    assert words['default_hooks']['ema'] == {'type': 'EMAHook', 'momentum': 0.1, 'gamma': 0}


@pytest.mark.parametrize(
    ('text', 'start', 'said'),
    [
        ('ema = 3', 'ema (child.py:2)', 'must be a dict, True or False'),
        ('ema = dict(momentm=1e-3)', 'ema.momentm (child.py:2)', "Did you mean 'momentum'"),
        ('ema = dict(momentum=2)', 'ema (child.py:2)', 'ema.momentum must be'),
        ('ema = dict(gamma=None)', 'ema (child.py:2)', 'ema.gamma must be'),
        ('ema = dict(begin=13)', 'ema.begin (child.py:2)', 'beyond train_cfg.max_epochs=12'),
        ('eam = True', 'eam (child.py:2)', "Did you mean 'ema'"),
    ],
)
def test_what_cannot_be(problems_of, text, start, said):
    (problem,) = problems_of(text)
    assert problem.startswith(start) and said in problem


@pytest.mark.parametrize(
    ('arguments', 'line'),
    [
        ('', 'ema = dict(momentum=0.0002, gamma=0, update_buffers=False)'),
        (
            "ema_type='ExpMomentumEMA', momentum=0.0001, update_buffers=True, priority=49",
            'ema = dict(momentum=0.0001, gamma=2000)',
        ),
        (
            "ema_type='mmdet.ExpMomentumEMA', gamma=500, begin_epoch=3, update_buffers=True",
            'ema = dict(momentum=0.0002, gamma=500, begin=3)',
        ),
    ],
)
def test_the_hook_as_mmdets_users_write_it_is_translated(child, arguments, line):
    loaded = child(f"custom_hooks = [dict(type='EMAHook', {arguments})]")
    assert loaded.translated[-1].endswith(f'-> {line}')
    assert loaded.cfg['custom_hooks'] == [] and not loaded.refused


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        ("ema_type='StochasticWeightAverage'", 'StochasticWeightAverage is not available'),
        ('begin_iter=100', 'begins with an epoch'),
    ],
)
def test_an_average_that_there_is_not_is_refused(problems_of, arguments, words):
    (problem,) = problems_of(f"custom_hooks = [dict(type='EMAHook', {arguments})]")
    assert problem.startswith('custom_hooks.0 (child.py:2)') and words in problem


@pytest.mark.parametrize('given', [3, 'yes', []])
def test_nonsense_goes_through_the_translation(given):
    assert ema_words({'ema': given}) is None
