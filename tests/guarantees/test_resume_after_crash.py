"""Killed at any operation on any file of the run, and resumed: the run ends as if nothing was."""

import pytest

NUMBERED = 'default_hooks = dict(checkpoint=dict(keep=2))'
IN_ITERATIONS = """
evaluation = dict(by_epoch=False, interval=3, train_eval=3, save_best='loss')
train_cfg = dict(max_epochs=3)
"""
SETTINGS = {
    'no workers': {},
    'two workers, every second epoch, numbered checkpoints': dict(
        workers=2, interval=2, extra=NUMBERED
    ),
    'validated within epochs and windows': dict(extra=IN_ITERATIONS),
}
# What a run does to its folder; that the harness has seen it shows that it sees.
EXPECTED = (
    'mkdir checkpoints',
    'create history.jsonl',
    'write history.jsonl',
    'sync history.jsonl',
    *(
        f'{kind} {folder}.{name}.tmp'
        for folder, name in (
            ('checkpoints/', 'last.pth'),
            ('checkpoints/', 'best_model.pth'),
            ('', 'config.py'),
            ('', 'splits.json'),
            ('', 'summary.json'),
            ('', 'curves.png'),
        )
        for kind in ('create', 'write', 'sync')
    ),
    'rename checkpoints/last.pth to checkpoints/last.prev.pth',
    'rename checkpoints/.last.pth.tmp to checkpoints/last.pth',
    'rename checkpoints/.best_model.pth.tmp to checkpoints/best_model.pth',
    'rename .config.py.tmp to config.py',
    'rename .summary.json.tmp to summary.json',
    'rename .curves.png.tmp to curves.png',
)


@pytest.fixture(scope='session')
def recorded(crash):
    """An uninterrupted run of a config of which every file operation is known."""
    known = {}

    def of(config):
        if config not in known:
            run = crash.train(config, resume=None, keep_journal=True)
            assert run.fingerprint, 'it has come to its end'
            known[config] = run, crash.states(run)
        return known[config]

    return of


def missing(found):
    return [operation for operation in EXPECTED if operation not in found['seen']]


@pytest.mark.guarantee
def test_killed_in_the_last_epochs(crash, resume_config, recorded):
    """The quick version: the states that a kill leaves from the second validation on."""
    config = resume_config('short', extra='train_cfg = dict(max_epochs=3)')
    run, found = recorded(config)
    expected = run.fingerprint
    assert not missing(found) and not found['unsynced_renames']
    first = next(i for i, s in enumerate(found['states']) if 'before_val 2' in s['labels'])
    late = found['states'][first:]
    assert len(late) >= 15
    problems = [p for state in late[::3] for p in crash.wrong_ends(config, [state], expected)]
    assert problems == []


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize('setting', SETTINGS.values(), ids=SETTINGS.keys())
def test_killed_at_every_operation(crash, resume_config, whole, recorded, setting, request):
    config = resume_config(request.node.callspec.id.replace(' ', '_'), **setting)
    run, found = recorded(config)
    assert not missing(found)
    assert run.fingerprint == whole(config), 'the harness has changed the run'
    assert len(found['states']) > 50
    assert crash.wrong_ends(config, found['states'], whole(config)) == []


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize('setting', SETTINGS.values(), ids=SETTINGS.keys())
def test_nothing_takes_a_place_before_it_is_on_disk(resume_config, recorded, setting, request):
    config = resume_config(request.node.callspec.id.replace(' ', '_'), **setting)
    assert recorded(config)[1]['unsynced_renames'] == []


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_the_states_hold_what_they_should(resume_config, recorded):
    """Before and after each validation, at every epoch boundary, torn and cut off."""
    config = resume_config('no_workers')
    _, found = recorded(config)
    labels = [label for state in found['states'] for label in state['labels']]
    events = [label for label in labels if ': ' not in label]
    for epoch in range(4):
        for event in ('before_train_epoch', 'before_train_iter', 'after_train_iter'):
            assert f'{event} {epoch}' in events
        for event in ('after_train_epoch', 'before_val', 'after_val', 'before_save_checkpoint'):
            assert f'{event} {epoch + 1}' in events
    rows = [label for label in labels if 'write history.jsonl' in label]
    assert len(rows) == 4 * 5  # before, three times torn, power cut
    assert any(label.endswith('write checkpoints/.last.pth.tmp, torn') for label in labels)
