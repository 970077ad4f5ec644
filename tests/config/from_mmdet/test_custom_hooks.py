from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.custom_hooks import plateau_hook, rewrite_custom_hooks
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.origin import Origin, Origins


def hooks(rewrite, *given):
    return rewrite(rewrite_custom_hooks, custom_hooks=list(given))


def test_what_needs_no_hook_is_told(rewrite):
    r = hooks(rewrite, {'type': 'NumClassCheckHook'}, {'type': 'mmdet.SyncNormHook'})
    assert r.cfg['custom_hooks'] == [] and len(r.said) == 2 and not r.refused


def test_what_is_not_known_stays(rewrite):
    given = [{'type': 'Mine', 'a': 1}, {'type': 'YOLOXModeSwitchHook', 'num_last_epochs': 2}, 3]
    r = hooks(rewrite, *given)
    assert r.cfg['custom_hooks'] == given and not r.said


def test_lines_move_with_their_hooks():
    cfg = {'custom_hooks': [{'type': 'NumClassCheckHook'}, {'type': 'Mine'}]}
    r = Rewriting(cfg, Origins({('custom_hooks', 1, 'type'): Origin(None, 9)}))
    rewrite_custom_hooks(r)
    assert r.origins.exact(('custom_hooks', 0, 'type')).line == 9


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        ({'type': 'ExpMomentumEMAHook', 'momentum': 1e-4}, {'momentum': 1e-4, 'gamma': 2000}),
        (
            {'type': 'ExpMomentumEMAHook', 'total_iter': 500, 'skip_buffers': True},
            {'momentum': 2e-4, 'gamma': 500, 'update_buffers': False},
        ),
        (
            {'type': 'EMAHook', 'begin_epoch': 3, 'update_buffers': True},
            {'momentum': 2e-4, 'gamma': 0, 'begin': 3},
        ),
    ],
)
def test_averages(rewrite, given, ours):
    r = hooks(rewrite, given)
    assert r.cfg == {'custom_hooks': [], 'ema': ours}


@pytest.mark.parametrize(
    ('given', 'said'),
    [
        ({'type': 'MeanTeacherHook'}, 'semi-supervised'),
        ({'type': 'EMAHook', 'ema_type': 'StochasticWeightAverage'}, 'ema = dict'),
        ({'type': 'EMAHook', 'begin_iter': 5}, 'begin_epoch'),
        ({'type': 'ExpMomentumEMAHook', 'resume_from': 'a.pth'}, '--resume'),
        ({'type': 'ExpMomentumEMAHook', 'interval': 2}, 'every step'),
    ],
)
def test_refused(rewrite, given, said):
    r = hooks(rewrite, given)
    ((path, text),) = r.refused
    assert path == ('custom_hooks', 0) and said in text and 'ema' not in r.cfg


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        # mmengine's words: its stop comes one validation earlier, and its least gain is 0.1
        (
            {'monitor': 'mAP', 'rule': 'greater', 'patience': 5, 'min_delta': 0.01},
            {'monitor': 'mAP', 'mode': 'max', 'patience': 4, 'min_delta': 0.01},
        ),
        (
            {'monitor': 'coco/bbox_mAP', 'patience': 3},
            {'monitor': 'coco_AP', 'patience': 2, 'min_delta': 0.1},
        ),
        ({'monitor': 'mAP', 'patience': 3}, {'monitor': 'mAP', 'patience': 3}),  # ours
    ],
)
def test_early_stopping(rewrite, given, ours):
    r = hooks(rewrite, {'type': 'EarlyStoppingHook', **given})
    assert r.cfg['custom_hooks'] == [{'type': 'EarlyStoppingHook', **ours}]


def test_the_translated_stop_is_that_of_mmengine(rewrite):
    """The same epoch for the same scores."""
    from mmengine.hooks import EarlyStoppingHook

    from mmholdout.monitor.early_stop import EarlyStopDecision

    class Runner:
        class train_loop:
            stop_training = False

        logger = type('Logger', (), {'info': staticmethod(print)})

    for patience in (1, 2, 4):
        stock = {'monitor': 'mAP', 'rule': 'greater', 'patience': patience, 'min_delta': 0.01}
        theirs, runner = EarlyStoppingHook(**stock), Runner()
        runner.train_loop = Runner.train_loop()
        r = hooks(rewrite, {'type': 'EarlyStoppingHook', **stock})
        (hook,) = r.cfg['custom_hooks']
        ours = EarlyStopDecision('max', hook['patience'], min_delta=hook['min_delta'])
        scores = (0.1, 0.3, 0.305, 0.2, 0.29, 0.28, 0.27, 0.1)
        for epoch, score in enumerate(scores, 1):
            stopped = ours.observe(score, epoch) is not None
            theirs.after_val_epoch(runner, {'mAP': score})
            assert stopped == runner.train_loop.stop_training, (patience, score)
            if stopped:
                break


def test_a_relative_threshold_is_refused(rewrite):
    r = Rewriting({}, Origins())
    plateau_hook(r, {'monitor': 'mAP', 'threshold': 0.1}, ('lr_config',))
    ((path, text),) = r.refused
    assert path == ('lr_config', 'threshold') and "threshold_rule='abs'" in text
