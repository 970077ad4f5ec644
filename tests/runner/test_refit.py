import json

import pytest
import torch

from mmholdout.errors import DataError, RunFolderError
from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.history.run_digests import record_run
from mmholdout.runner import refit as refit_module
from mmholdout.runner.refit import refit


def rows_of(folder):
    return [json.loads(line) for line in (folder / 'history.jsonl').read_text().splitlines()]


def without_seconds(rows):
    return [{k: v for k, v in row.items() if 'seconds' not in k} for row in rows]


def weights_of(folder, name='last.pth'):
    return torch.load(folder / 'checkpoints' / name, weights_only=True)['state_dict']


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def test_what_a_refit_leaves(refit_run, finished_run):
    names = {str(p.relative_to(refit_run)) for p in refit_run.rglob('*') if p.is_file()}
    assert names == {
        'config.py',
        'history.jsonl',
        'summary.json',
        'splits.json',
        'separation.json',
        'digests.json',
        'annotations.json',
        'curves.png',
        'train.log',
        'checkpoints/last.pth',
        'checkpoints/last.prev.pth',
        'checkpoints/refit_model.pth',
        'checkpoints/.lock',
    }
    summary = json.loads((refit_run / 'summary.json').read_text())
    assert summary['stop_reason'] == 'refit_epochs' and summary['stopped_epoch'] == 4
    assert summary['refit_of'].endswith('run') and summary['lr_cuts'] == [2, 3]
    assert 'best' not in summary and 'monitor' not in summary
    log = (refit_run / 'train.log').read_text()
    assert 'refit of ' in log and 'this model has no validation number of its own' in log
    assert 'Epoch 4: train loss = ' in log and 'tools/test.py' in log


def test_it_is_trained_on_both_and_validated_on_nothing(refit_run, small_sample):
    splits = json.loads((refit_run / 'splits.json').read_text())
    ids = {
        split: (small_sample / f'ImageSets/Main/{split}.txt').read_text().split()
        for split in ('train', 'val', 'test')
    }
    assert splits['train']['ids'] == [*ids['train'], *ids['val']]
    assert set(splits) == {'train', 'test'}
    rows = rows_of(refit_run)
    assert [row['epoch'] for row in rows] == [1, 2, 3, 4]
    assert rows[-1]['iter'] == 4 * 5  # 34 images in batches of 8; the run had 3 an epoch
    assert not any(key.startswith(('val/', 'train_eval/')) for row in rows for key in row)


def test_the_rates_are_those_of_the_run_epoch_by_epoch(refit_run, finished_run):
    """At the begin of each epoch; rows hold the last iteration's, which both schedules share."""
    was = [row['lr'] for row in rows_of(finished_run)]
    now = [row['lr'] for row in rows_of(refit_run)]
    assert now[1:] == pytest.approx(was[1:4], rel=1e-12)  # in the first there is warm-up
    assert now[2] < 0.6 * now[1]


def test_the_state_of_ema_free_last_is_the_model(refit_run):
    assert same(weights_of(refit_run), weights_of(refit_run, 'refit_model.pth'))
    meta = torch.load(refit_run / 'checkpoints/refit_model.pth', weights_only=True)['meta']
    assert meta['refit']['epochs'] == 4 and meta['epoch'] == 4 and meta['chosen'] == {}


def interrupted_after(monkeypatch, iterations):
    from mmholdout.loops import train_loop

    original, count, request = train_loop.train_step, [0], []

    def step(*args, **kwargs):
        count[0] += 1
        if count[0] == iterations:
            request[0].pending = 15
        return original(*args, **kwargs)

    init = StopRequest.__init__

    def remember(self):
        init(self)
        request[:] = [self]

    monkeypatch.setattr(StopRequest, '__init__', remember)
    monkeypatch.setattr(train_loop, 'train_step', step)


def test_interrupted_and_resumed_is_as_if_uninterrupted(
    refit_run, refit_origin, tmp_path, monkeypatch
):
    """At the end of the epoch after which the rate is cut, before its row is written."""
    with monkeypatch.context() as patch:
        interrupted_after(patch, 10)
        with pytest.raises(Interrupted, match=r'tools/refit\.py .* --resume'):
            refit(str(refit_origin), out=str(tmp_path / 'part'), device='cpu')
    assert not (tmp_path / 'part/checkpoints/refit_model.pth').exists()
    refit(str(refit_origin), out=str(tmp_path / 'part'), resume='last', device='cpu')
    assert without_seconds(rows_of(tmp_path / 'part')) == without_seconds(rows_of(refit_run))
    for name in ('last.pth', 'refit_model.pth'):
        assert same(weights_of(tmp_path / 'part', name), weights_of(refit_run, name))


def test_a_finished_refit_is_not_trained_on(refit_run, refit_origin, capsys):
    before = weights_of(refit_run)
    (refit_run / 'checkpoints/refit_model.pth').unlink()  # as if it had died before the last file
    refit(str(refit_origin), out=str(refit_run), resume='last', device='cpu')
    assert same(weights_of(refit_run, 'refit_model.pth'), before)
    assert [row['epoch'] for row in rows_of(refit_run)] == [1, 2, 3, 4]
    assert 'refit_epochs is reached' in capsys.readouterr().out


def test_an_image_of_test_in_val_is_refused(finished_run, small_sample, tmp_path, monkeypatch):
    """Also where the run that is repeated was made before it got there."""
    lists = small_sample / 'ImageSets/Main'
    test_id = (lists / 'test.txt').read_text().split()[0]
    (lists / 'more.txt').write_text((lists / 'val.txt').read_text() + test_id + '\n')
    path = finished_run / 'config.py'
    path.write_text(path.read_text().replace('ImageSets/Main/val.txt', 'ImageSets/Main/more.txt'))
    record_run(finished_run)
    with pytest.raises(DataError, match="1 image of 'test' also in 'train'"):
        refit(str(finished_run), out=str(tmp_path / 'refit'), device='cpu')
    assert not (tmp_path / 'refit').exists()


def test_no_label_of_test_is_opened(refit_run):
    """The fixture has trained it while none of them was there."""
    assert (refit_run / 'checkpoints/refit_model.pth').is_file()


def test_the_folder_is_beside_the_run(finished_run, monkeypatch):
    given = {}
    monkeypatch.setattr(refit_module, 'run_loaded', lambda loaded, **options: given.update(options))
    monkeypatch.chdir(finished_run.parent)
    refit('finished')
    assert str(given['folder'].path) == 'finished_refit'
    assert given['resume_command'].endswith('finished --work-dir finished_refit --resume')
    with pytest.raises(RunFolderError, match='is the run itself'):
        refit('finished', out='./finished')


def test_dry_run_writes_nothing(finished_run, tmp_path, capsys):
    refit(str(finished_run), out=str(tmp_path / 'no'), dry_run=True, device='cpu')
    assert not (tmp_path / 'no').exists()
    out = capsys.readouterr().out
    assert '34 images, ImageSets' in out and 'at most 4 epochs of 5 iterations' in out
    assert 'nothing is validated' in out and 'steering' not in out
