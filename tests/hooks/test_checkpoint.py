import pytest

from mmholdout.errors import ConfigError
from mmholdout.hooks import CheckpointHook, EarlyStoppingHook


@pytest.mark.parametrize(
    ('save_every', 'epochs', 'saved'), [(1, 3, [1, 2, 3]), (2, 5, [2, 4, 5]), (9, 3, [3])]
)
def test_saves_when_due_and_at_the_end(scripted, save_every, epochs, saved):
    run = scripted(CheckpointHook(save_every=save_every))
    run.run([0.1] * epochs)
    run.call('after_train')
    assert [epoch for epoch, *_ in run.saved] == saved


def test_an_early_stop_is_saved_whatever_the_interval(scripted):
    run = scripted(CheckpointHook(save_every=100), EarlyStoppingHook('mAP', patience=0))
    assert run.run([0.5, 0.5, 0.5]) == 2
    run.call('after_train')
    assert [epoch for epoch, *_ in run.saved] == [2]


def test_numbered_copies(scripted):
    run = scripted(CheckpointHook(keep=2))
    run.run([0.1])
    assert run.saved == [(1, 1, 2)]


@pytest.mark.parametrize('options', [{'save_every': 0}, {'save_every': True}, {'keep': -1}])
def test_refuses(options):
    with pytest.raises(ConfigError, match='integer'):
        CheckpointHook(**options)
