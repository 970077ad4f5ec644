import json

import pytest
import torch

from mmholdout.errors import CheckpointError
from mmholdout.runner.checkpoint import read_checkpoint, write_checkpoint
from mmholdout.runner.resume import state_to_resume, take_over
from mmholdout.runner.run_folder import RunFolder


def state(epoch, kind='full'):
    return {
        'kind': kind,
        'meta': {'epoch': epoch, 'iter': 10 * epoch},
        'state_dict': {'w': torch.full((4,), float(epoch))},
        'run_state': {'hook.RecordHook': {'num_rows': epoch}},
    }


@pytest.fixture
def folder(tmp_path):
    """A run of three epochs, and a numbered checkpoint of the first."""
    folder = RunFolder(tmp_path / 'run')
    folder.begin(resume=False)
    write_checkpoint(folder.numbered(1), state(1))
    for epoch in (2, 3):
        write_checkpoint(folder.last, state(epoch), previous=folder.last_prev)
    rows = [json.dumps({'epoch': epoch}) + '\n' for epoch in (1, 2, 3)]
    folder.history.write_text(''.join(rows))
    return folder


def truncate(path):
    path.write_bytes(path.read_bytes()[:900])


def flip(path):
    data = bytearray(path.read_bytes())
    data[data.index(torch.full((4,), 3.0).numpy().tobytes())] ^= 1
    path.write_bytes(data)


def remove(path):
    path.unlink()


def weights_only(path):
    write_checkpoint(path, state(3, kind='weights'))


def another_program(path):
    torch.save({'state_dict': {}}, path)


def test_the_newest_is_taken_in_silence(folder):
    for resume in ('last', 'auto'):
        resumed = state_to_resume(folder, resume)
        assert resumed.content['meta']['epoch'] == 3
        assert (resumed.notices, resumed.source) == ((), folder.last)


@pytest.mark.parametrize('resume', ['last', 'auto'])
@pytest.mark.parametrize(
    ('damage', 'said'),
    [
        (truncate, 'damaged'),
        (flip, "'state_dict.w'"),
        (remove, 'there is no checkpoint'),
        (weights_only, 'holds weights only'),
        (another_program, 'not written by this project'),
    ],
)
def test_a_bad_last_falls_back_and_says_what_is_lost(folder, damage, said, resume):
    damage(folder.last)
    resumed = state_to_resume(folder, resume)
    assert (resumed.content['meta']['epoch'], resumed.source) == (2, folder.last_prev)
    (notice,) = resumed.notices
    assert notice.startswith('warning: ') and said in notice
    assert 'last.prev.pth (epoch 2, iteration 20): epoch 3 is lost and done again' in notice


def test_several_epochs_are_lost(folder):
    with folder.history.open('a') as file:
        file.write('{"epoch": 4}\n')
    folder.last.unlink()
    assert 'epochs 3 to 4 are lost' in state_to_resume(folder, 'last').notices[0]


@pytest.mark.parametrize('history', ['', '{"epoch": 1}\n', 'x\n', None])
def test_what_is_lost_is_said_without_a_history_too(folder, history):
    if history is None:
        folder.history.unlink()
    else:
        folder.history.write_text(history)
    folder.last.unlink()
    assert 'what was trained after it is lost' in state_to_resume(folder, 'last').notices[0]


@pytest.mark.parametrize('resume', ['last', 'auto'])
def test_both_bad_is_an_error_and_no_fresh_start(folder, resume):
    truncate(folder.last)
    truncate(folder.last_prev)
    with pytest.raises(CheckpointError) as error:
        state_to_resume(folder, resume)
    assert 'last.pth' in str(error.value) and 'last.prev.pth' in str(error.value)
    folder.last.unlink()
    folder.last_prev.unlink()
    with pytest.raises(CheckpointError, match='nothing to resume'):
        state_to_resume(folder, resume)


def test_nothing_there(tmp_path):
    folder = RunFolder(tmp_path / 'run')
    assert state_to_resume(folder, None).content is None
    assert 'a new one begins' in state_to_resume(folder, 'auto').notices[0]
    with pytest.raises(CheckpointError, match='nothing to resume'):
        state_to_resume(folder, 'last')
    with pytest.raises(CheckpointError, match='there is no checkpoint'):
        state_to_resume(folder, 'no.pth')


def names(folder):
    return {
        path.name: read_checkpoint(path)['meta']['epoch']
        for path in folder.checkpoints.glob('last*')
    }


def test_taking_over_the_last_changes_nothing(folder):
    before = folder.last.read_bytes()
    take_over(folder, state_to_resume(folder, 'last'))
    assert folder.last.read_bytes() == before


@pytest.mark.parametrize('damage', [truncate, remove])
def test_after_a_fallback_the_good_one_is_not_pushed_out_by_the_bad_one(folder, damage):
    damage(folder.last)
    take_over(folder, state_to_resume(folder, 'last'))
    assert names(folder) == {'last.pth': 2, 'last.prev.pth': 2}


def test_going_back_to_a_numbered_one_is_on_disk_before_the_history_is_cut(folder):
    take_over(folder, state_to_resume(folder, str(folder.numbered(1))))
    assert names(folder) == {'last.pth': 1, 'last.prev.pth': 3}
    assert not state_to_resume(folder, 'last').notices


def test_a_state_of_another_run_begins_this_one(folder, tmp_path):
    new = RunFolder(tmp_path / 'new')
    new.begin(resume=True)
    take_over(new, state_to_resume(new, str(folder.last)))
    assert names(new) == {'last.pth': 3}


def test_weights_alone_are_refused(folder):
    weights_only(folder.best)
    with pytest.raises(CheckpointError, match='weights only'):
        state_to_resume(folder, str(folder.best))
