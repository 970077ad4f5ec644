from types import SimpleNamespace

import pytest

from mmholdout.hooks import curves
from mmholdout.hooks.curves import CurvesHook


@pytest.fixture
def drawn(monkeypatch):
    calls = []
    monkeypatch.setattr(curves, 'draw_curves', lambda rows, path, **kw: calls.append((path, kw)))
    return calls


def runner(reason):
    said = []
    return SimpleNamespace(
        history=SimpleNamespace(rows=[]),
        folder=SimpleNamespace(curves='curves.png', name='run'),
        best=SimpleNamespace(epoch=2),
        best_key='val/mAP',
        validates=True,
        lr_cuts=[3],
        epoch=5,
        stop_reason=reason,
        said=said,
        say=said.append,
    )


def test_after_each_validation(drawn):
    CurvesHook().after_validation(runner(None), None)
    path, marks = drawn[0]
    assert path == 'curves.png'
    assert (marks['best_epoch'], marks['lr_cuts'], marks['stopped_epoch']) == (2, [3], None)


@pytest.mark.parametrize(('reason', 'stops'), [('early_stop', [5]), ('max_epochs', [])])
def test_the_stop_is_marked(drawn, reason, stops):
    CurvesHook().after_train(runner(reason))
    assert [marks['stopped_epoch'] for _, marks in drawn] == stops


def test_a_picture_that_cannot_be_drawn_is_said_once_and_ends_nothing(monkeypatch):
    def fail(*_, **__):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(curves, 'draw_curves', fail)
    run, hook = runner('early_stop'), CurvesHook()
    for _ in range(3):
        hook.after_validation(run, None)
    hook.after_train(run)
    (warning,) = run.said
    assert warning.startswith('warning: curves.png was not drawn') and 'No space' in warning


def test_a_run_without_validation_is_drawn_after_each_epoch(drawn):
    run = runner(None)
    CurvesHook().after_plain_epoch(run, None)
    assert not drawn
    run.validates = False
    del run.best, run.best_key
    CurvesHook().after_plain_epoch(run, None)
    assert 'best_epoch' not in drawn[0][1] and drawn[0][1]['lr_cuts'] == [3]
