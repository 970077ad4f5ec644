import json

import numpy as np
import pytest

from mmholdout.history.run_digests import NAME
from mmholdout.runner.verify_files import verify_checkpoints, verify_files


def test_an_untouched_run(subject):
    verify_files(subject)
    verify_checkpoints(subject)
    assert not subject.found.problems and not subject.found.not_checked
    assert len(subject.found.passed) == 3


@pytest.mark.parametrize('how', ['changed', 'missing'])
def test_a_recorded_file(subject, how):
    path = subject.folder / 'curves.png'
    path.unlink() if how == 'missing' else path.write_bytes(b'x')
    verify_files(subject)
    (problem,) = subject.found.problems
    assert str(path) in problem and ('is missing' in problem) == (how == 'missing')
    assert subject.changed == {'curves.png'}


def test_all_problems_at_once(subject):
    for name in ('curves.png', 'summary.json', 'checkpoints/last.pth'):
        (subject.folder / name).write_text('x')
    verify_files(subject)
    assert len(subject.found.problems) == 3


def test_files_of_the_user_are_named_and_are_no_failure(subject):
    (subject.folder / 'notes.txt').write_text('mine')
    (subject.folder / 'checkpoints' / 'mine').write_text('mine')
    (subject.folder / '.curves.png.abc.tmp').write_text('torn')
    verify_files(subject)
    assert not subject.found.problems
    assert subject.found.remarks == [
        'not written by the run and not checked: checkpoints/mine, notes.txt'
    ]


def test_a_file_that_looks_like_the_runs_own_but_is_not_on_record(subject):
    (subject.folder / 'checkpoints' / 'epoch_9.pth').write_text('put there')
    verify_files(subject)
    assert 'checkpoints/epoch_9.pth: not in digests.json' in subject.found.not_checked[0]


def test_a_run_that_has_ended_has_a_record(subject):
    (subject.folder / NAME).unlink()
    verify_files(subject)
    assert 'digests.json is missing' in subject.found.problems[0]


@pytest.mark.parametrize('reason', ['interrupted', 'non_finite_loss', None])
def test_a_run_that_has_not_ended_has_none_and_says_so(subject, reason):
    (subject.folder / NAME).unlink()
    summary = subject.folder / 'summary.json'
    stored = json.loads(summary.read_text())
    summary.write_text(json.dumps({**stored, 'stop_reason': reason}))
    if reason is None:
        summary.unlink()
    verify_files(subject)
    assert not subject.found.problems
    assert 'there is no digests.json' in subject.found.not_checked[0]


def test_a_run_of_an_earlier_version_has_none(subject):
    for name in (NAME, 'annotations.json'):
        (subject.folder / name).unlink()
    verify_files(subject)
    assert not subject.found.problems and subject.found.not_checked


def test_a_checkpoint_that_cannot_be_read(subject):
    (subject.folder / 'checkpoints' / 'last.pth').write_bytes(b'x' * 100)
    verify_checkpoints(subject)
    assert 'last.pth' in subject.found.problems[0]
    assert subject.changed == {'checkpoints/last.pth'}


@pytest.mark.parametrize('how', ['other', 'missing'])
def test_predictions_that_did_not_choose_the_best_model(subject, how):
    path = subject.folder / 'val_predictions.npz'
    path.unlink()
    if how == 'other':
        np.savez(path, labels=np.zeros(3))
    verify_checkpoints(subject)
    assert 'was chosen by predictions' in subject.found.problems[0]
    assert 'val_predictions.npz' in subject.changed


def test_a_best_model_of_an_earlier_version(subject):
    import torch

    path = subject.folder / 'checkpoints' / 'best_model.pth'
    content = torch.load(path, weights_only=True)
    del content['meta']['predictions']
    from mmholdout.runner.checkpoint import write_checkpoint

    write_checkpoint(path, {k: v for k, v in content.items() if k not in ('format', 'digests')})
    verify_checkpoints(subject)
    assert not subject.found.problems
    assert 'names none' in subject.found.not_checked[0]
