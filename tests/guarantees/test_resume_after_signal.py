"""SIGTERM and Ctrl-C: the run saves, says how to go on, and goes on as if nothing was."""

import json
import shutil
import signal

import pytest

TERM, INT = signal.SIGTERM.value, signal.SIGINT.value
# Where the signal arrives. An epoch has 4 batches: a window of 3 and one of the rest.
MOMENTS = {
    'before the first batch': ('before_train', 1),
    'first of a window': ('after_train_iter', 1),
    'mid-window': ('after_train_iter', 2),
    'end of a window': ('after_train_iter', 3),
    'last of the epoch': ('after_train_iter', 4),
    'in the next epoch': ('after_train_iter', 6),
    'before validation': ('before_val', 1),
    'first batch of validation': ('before_val_iter', 1),
    'last batch of validation': ('after_val_iter', 2),
    'in a later validation': ('before_val_iter', 5),
    'after validation': ('after_val', 2),
    'in a save': ('before_save_checkpoint', 3),
    'after the last batch of all': ('after_train', 1),
}
LEFT_AFTER = {1: 3, 2: 3, 3: 3, 4: 4, 6: 7}  # batches: at the end of the window


@pytest.fixture(scope='session')
def interrupted(crash):
    """Train until a signal; checks what every interruption must leave."""

    def run(config, moment, signum=TERM, **request):
        end = crash.train(config, signals=[[*moment, signum]], **request)
        if moment[0] == 'after_train':  # nothing is left to be interrupted
            assert end.code == 0, end.said
            return end
        assert end.code == 128 + signum, end.said
        assert 'Traceback' not in end.said
        assert f'tools/train.py {config} --work-dir {end.folder}' in end.said
        assert end.said.rstrip().endswith('--resume')
        if moment[0] == 'after_train_iter':
            assert f'after {LEFT_AFTER[moment[1]]} iterations' in end.said
        summary = json.loads((end.folder / 'summary.json').read_text())
        assert summary['stop_reason'] == 'interrupted'
        return end

    return run


def different_after(crash, interrupted, config, moment, expected, difference, **request):
    """What differs when the interrupted run has been resumed; empty for nothing."""
    end = interrupted(config, moment, **request)
    resumed = crash.train(config, end.folder, resume='last')
    differs = difference(resumed.fingerprint, expected)
    shutil.rmtree(end.folder)
    return f'{moment}: {differs}' if differs else ''


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize('signum', [TERM, INT], ids=['SIGTERM', 'Ctrl-C'])
@pytest.mark.parametrize('workers', [0, 2])
def test_interrupted_and_resumed(
    crash, resume_config, whole, interrupted, difference, workers, signum
):
    config = resume_config(f'signals_{workers}', workers=workers)
    moments = list(MOMENTS.values())
    if workers:
        moments = moments[1::2]
    if signum == INT:  # what follows the signal's arrival is the same for both
        moments = moments[::4]

    def run(moment):
        return different_after(
            crash, interrupted, config, moment, whole(config), difference, signum=signum
        )

    assert [d for d in crash.each(run, moments) if d] == []


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize('moment', [('after_train_iter', 6), ('before_val_iter', 3)])
def test_killed_while_it_saves_for_a_signal(crash, resume_config, whole, interrupted, moment):
    config = resume_config('signals_0')
    end = interrupted(config, moment, keep_journal=True)
    found = crash.states(end, first=end.report['first_signal_at'])
    assert found['unsynced_renames'] == []
    assert len(found['states']) >= 8
    assert crash.wrong_ends(config, found['states'], whole(config)) == []


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_interrupted_again_and_again(crash, resume_config, whole, interrupted, difference):
    """Every process makes one accumulation window, or one validation, and is interrupted."""
    config = resume_config('signals_0')
    folder = crash.folder / 'again_and_again'
    moments = [('after_train_iter', 1), ('before_val_iter', 1)]
    ends = []
    while not ends or ends[-1].code == 128 + TERM:
        moment = moments[len(ends) % 2]
        ends.append(crash.train(config, folder, signals=[[*moment, TERM]]))
        assert len(ends) < 30
    assert len(ends) >= 8
    assert difference(ends[-1].fingerprint, whole(config)) == ''


@pytest.mark.guarantee
@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_second_ctrl_c_in_the_save_of_the_first(crash, resume_config, whole, difference):
    """It acts at once, and takes nothing along that had been saved."""
    config = resume_config('signals_0')
    for step, save in ((6, 4), (3, 1)):  # the first epoch saves first, best and last
        signals = [['after_train_iter', step, INT], ['before_save_checkpoint', save, INT]]
        end = crash.train(config, signals=signals)
        assert end.code == 130 and 'Traceback' not in end.said, end.said
        resumed = crash.train(config, end.folder)
        assert difference(resumed.fingerprint, whole(config)) == ''
