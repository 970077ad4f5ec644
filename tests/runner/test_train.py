import json
import shutil

import pytest
import torch

from mmholdout.errors import (
    CheckpointError,
    DataError,
    NonFiniteLossError,
    RunFolderError,
    UserError,
)
from mmholdout.history.interruption import Interrupted, StopRequest
from mmholdout.runner.train import train


def rows_of(folder):
    lines = (folder / 'history.jsonl').read_text().splitlines()
    return [json.loads(line) for line in lines]


def without_seconds(rows):
    return [{k: v for k, v in row.items() if 'seconds' not in k} for row in rows]


def weights_of(folder, name='last.pth'):
    return torch.load(folder / 'checkpoints' / name, weights_only=True)['state_dict']


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def test_the_whole_job_leaves_its_files(train_small, capsys):
    folder = train_small()
    names = {str(p.relative_to(folder)) for p in folder.rglob('*') if p.is_file()}
    assert names == {
        'config.py',
        'history.jsonl',
        'summary.json',
        'splits.json',
        'separation.json',
        'val_predictions.npz',
        'digests.json',
        'annotations.json',
        'curves.png',
        'train.log',
        'checkpoints/last.pth',
        'checkpoints/last.prev.pth',
        'checkpoints/best_model.pth',
        'checkpoints/.lock',
    }
    rows = rows_of(folder)
    assert [row['epoch'] for row in rows] == [1, 2, 3]
    for key in ('train/loss', 'val/loss', 'val/mAP', 'train_eval/loss', 'train_eval/mAP', 'lr'):
        assert all(key in row for row in rows)
    assert not any(key.startswith('test/') for row in rows for key in row)
    summary = json.loads((folder / 'summary.json').read_text())
    assert summary['stop_reason'] == 'max_epochs' and summary['stopped_epoch'] == 3
    assert set(json.loads((folder / 'splits.json').read_text())) == {'train', 'val', 'test'}
    out = capsys.readouterr().out
    assert 'Epoch 3: mAP@0.5 = ' in out and 'tools/test.py' in out


def test_the_test_split_is_out_of_reach(train_small, small_sample, monkeypatch):
    """No test label is opened: training works although every one of them is gone."""
    ids = (small_sample / 'ImageSets/Main/test.txt').read_text().split()
    hidden = small_sample.parent / 'hidden'
    hidden.mkdir()
    for i in ids:
        (small_sample / f'Annotations/{i}.xml').rename(hidden / f'{i}.xml')
    try:
        train_small('train_cfg = dict(max_epochs=1)')
    finally:
        for i in ids:
            (hidden / f'{i}.xml').rename(small_sample / f'Annotations/{i}.xml')
        hidden.rmdir()


def test_same_seed_same_run(train_small, tmp_path):
    a = train_small(work_dir=tmp_path / 'a')
    b = train_small(work_dir=tmp_path / 'b')
    other = train_small(work_dir=tmp_path / 'c', seed=1)
    assert without_seconds(rows_of(a)) == without_seconds(rows_of(b))
    assert same(weights_of(a), weights_of(b))
    assert not same(weights_of(a), weights_of(other))


def test_validation_does_not_train(train_small, tmp_path):
    """Parameters are the same whether the val split is measured every epoch or once."""
    fixed = 'custom_hooks = []\n'
    every = train_small(fixed, tmp_path / 'a')
    once = train_small(fixed + 'evaluation = dict(interval=3)', tmp_path / 'b')
    assert same(weights_of(every), weights_of(once))
    assert ['val/mAP' in row for row in rows_of(once)] == [False, False, True]


def interrupted_after(monkeypatch, iterations):
    """A request to stop that comes when so many training steps are done."""
    from mmholdout.loops import train_loop

    original, count = train_loop.train_step, [0]

    def step(*args, **kwargs):
        count[0] += 1
        if count[0] == iterations:
            request[0].pending = 15
        return original(*args, **kwargs)

    request = []
    init = StopRequest.__init__

    def remember(self):
        init(self)
        request[:] = [self]

    monkeypatch.setattr(StopRequest, '__init__', remember)
    monkeypatch.setattr(train_loop, 'train_step', step)


@pytest.mark.parametrize('iterations', [2, 3, 4, 7])
def test_interrupted_and_resumed_is_as_if_uninterrupted(
    train_small, tmp_path, monkeypatch, iterations
):
    whole = train_small(work_dir=tmp_path / 'whole')
    with monkeypatch.context() as patch:
        interrupted_after(patch, iterations)
        with pytest.raises(Interrupted, match='--resume') as stop:
            train_small(work_dir=tmp_path / 'part')
    assert stop.value.exit_code == 143
    assert json.loads((tmp_path / 'part/summary.json').read_text())['stop_reason'] == 'interrupted'
    part = train_small(work_dir=tmp_path / 'part', resume='last')
    assert same(weights_of(part), weights_of(whole))
    assert without_seconds(rows_of(part)) == without_seconds(rows_of(whole))
    ends = [json.loads((f / 'summary.json').read_text()) for f in (part, whole)]
    assert ends[0]['best_epoch'] == ends[1]['best_epoch']


def test_steering_state_survives_a_resume(train_small, tmp_path):
    """A plateau and an early stop that span the resume act where they would have acted."""
    steer = """
    schedule = dict(_delete_=True, type='constant')
    custom_hooks = [
        dict(type='ReduceLROnPlateauHook', monitor='precision_fixed', patience=1, factor=0.5),
        dict(type='EarlyStoppingHook', monitor='precision_fixed', patience=3),
    ]
    """
    whole = train_small(steer + 'train_cfg = dict(max_epochs=8)\n', tmp_path / 'whole')
    part = tmp_path / 'part'
    train_small(steer + 'train_cfg = dict(max_epochs=2)\n', part)
    train_small(steer + 'train_cfg = dict(max_epochs=8)\n', part, resume='last')
    ends = [json.loads((f / 'summary.json').read_text()) for f in (whole, part)]
    for key in ('stop_reason', 'stopped_epoch', 'best_epoch', 'lr_cuts'):
        assert ends[0].get(key) == ends[1].get(key)
    assert same(weights_of(part), weights_of(whole))


def test_a_truncated_last_checkpoint_falls_back(train_small, capsys):
    folder = train_small()
    last = folder / 'checkpoints/last.pth'
    expected = weights_of(folder)
    last.write_bytes(last.read_bytes()[:1000])
    train_small(work_dir=folder, resume='last')
    assert 'last.prev.pth' in capsys.readouterr().out
    assert same(weights_of(folder), expected)
    assert [row['epoch'] for row in rows_of(folder)] == [1, 2, 3]


def test_a_moved_run_resumes(train_small, tmp_path):
    folder = train_small()
    moved = tmp_path / 'elsewhere'
    shutil.move(folder, moved)
    train_small('train_cfg = dict(max_epochs=4)', moved, resume='last')
    assert [row['epoch'] for row in rows_of(moved)] == [1, 2, 3, 4]


def test_a_folder_with_a_run_is_refused(train_small):
    folder = train_small('train_cfg = dict(max_epochs=1)')
    before = (folder / 'history.jsonl').read_bytes()
    with pytest.raises(RunFolderError, match='--resume'):
        train_small()
    assert (folder / 'history.jsonl').read_bytes() == before


def test_resume_forms(train_small, tmp_path, capsys):
    with pytest.raises(CheckpointError, match='nothing to resume'):
        train_small(work_dir=tmp_path / 'a', resume='last')
    folder = train_small('train_cfg = dict(max_epochs=1)', tmp_path / 'a', resume='auto')
    assert 'a new one begins' in capsys.readouterr().out
    with pytest.raises(CheckpointError, match='weights only'):
        train_small(work_dir=tmp_path / 'b', resume=str(folder / 'checkpoints/best_model.pth'))


def test_a_loss_that_is_not_finite_stops_and_keeps_the_checkpoint(train_small, tmp_path):
    folder = train_small('train_cfg = dict(max_epochs=1)')
    before = weights_of(folder)
    broken = """
    optim_wrapper = dict(optimizer=dict(lr=1e30), clip_grad=None)
    schedule = dict(warmup=None)
    """
    with pytest.raises(NonFiniteLossError, match='not finite at epoch 2'):
        train_small(broken, folder, resume='last')
    assert same(weights_of(folder), before)
    assert json.loads((folder / 'summary.json').read_text())['stop_reason'] == 'non_finite_loss'


def test_load_from_another_number_of_classes(train_small, tmp_path, capsys):
    first = train_small('train_cfg = dict(max_epochs=1)', tmp_path / 'a')
    path = first / 'checkpoints/best_model.pth'
    extra = f"""
    load_from = {str(path)!r}
    train_cfg = dict(max_epochs=1)
    model = dict(bbox_head=dict(num_classes=2))
    two = dict(metainfo=dict(classes=('screw', 'nut')), ignore_classes=['washer', 'battery'])
    train_dataloader = dict(dataset=two)
    val_dataloader = dict(dataset=two)
    test_dataloader = dict(dataset=two)
    """
    train_small(extra, tmp_path / 'b')
    out = capsys.readouterr().out
    assert 'weights loaded' in out and 'skipped bbox_head.cls_convs' in out


def test_splits_that_share_an_image_are_refused(train_small, small_sample):
    extra = "val_dataloader = dict(dataset=dict(ann_file='ImageSets/Main/both.txt'))"
    ids = (small_sample / 'ImageSets/Main/train.txt').read_text().split()[:3]
    both = small_sample / 'ImageSets/Main/both.txt'
    both.write_text('\n'.join(ids))
    try:
        with pytest.raises(DataError, match="3 images of 'val' also in 'train' under the same id"):
            train_small(extra)
    finally:
        both.unlink()  # other tests have the same folder


def test_dry_run_writes_nothing(small_config, tmp_path, capsys):
    train(str(small_config()), work_dir=str(tmp_path / 'run'), dry_run=True, device='cpu')
    assert not (tmp_path / 'run').exists()
    assert '24 images' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('extra', 'said'),
    [
        ("data_root = 'nowhere'", 'nowhere'),
        ("model['backbone']['depths'] = (1,)", 'depths'),
        ("freeze = ['backbone.stage9']", 'stage9'),
        ("freeze = ['backbone', 'bbox_head']", 'nothing to train'),
        ("load_from = 'no.pth'", r'no\.pth'),
        ("optim_wrapper = dict(optimizer=dict(weight_decay='much'))", 'optim_wrapper'),
    ],
)
def test_a_refused_run_leaves_nothing(train_small, tmp_path, extra, said):
    with pytest.raises(UserError, match=said):
        train_small(extra)
    assert not (tmp_path / 'work_dirs').exists()
