from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ('text', 'start', 'message'),
    [
        ("schedule = dict(_delete_=True, type='cosin')", 'schedule (child.py:2)', "'cosine'"),
        (
            "schedule = dict(_delete_=True, type='step', milestones=[8], gama=0.1)",
            'schedule (child.py:2)',
            "'gamma'",
        ),
        ('schedule = dict(warmup=dict(iters=-1))', 'schedule (child.py:2)', 'iters'),
        (
            "custom_hooks = [dict(type='ReduceLROnPlateauHook', monitor='mAP', factor=2.0)]",
            'custom_hooks.0 (child.py:2)',
            'factor',
        ),
        (
            "custom_hooks = [dict(type='EarlyStoppingHook', monitor='mAP', patience=-1)]",
            'custom_hooks.0 (child.py:2)',
            'patience',
        ),
        (
            "custom_hooks = [dict(type='EarlyStoppingHook')]",
            'custom_hooks.0 (child.py:2)',
            'monitor',
        ),
        (
            "custom_hooks = [dict(type='LoggerHook')]",
            'custom_hooks.0.type (child.py:2)',
            'default_hooks.console',
        ),
        (
            'model = dict(test_cfg=dict(score_tr=0.1))',
            'model.test_cfg.score_tr (child.py:2)',
            "'score_thr'",
        ),
        (
            'model = dict(train_cfg=dict(neg_pos_ration=0.1))',
            'model.train_cfg.neg_pos_ration (child.py:2)',
            "'neg_pos_ratio'",
        ),
    ],
)
def test_what_a_part_would_refuse(problems_of, text, start, message):
    (problem,) = problems_of(text)
    assert problem.startswith(start)
    assert message in problem


def test_keys_of_a_detectors_own_are_left_alone(problems_of):
    assert problems_of('model = dict(test_cfg=dict(local_maximum_kernel=3))') == []
