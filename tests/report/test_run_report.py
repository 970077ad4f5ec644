import json

import pytest

from mmholdout.errors import RunFolderError
from mmholdout.history.jsonl import History
from mmholdout.report.run_report import run_report
from mmholdout.report.summary import write_summary


@pytest.fixture
def folder(tmp_path):
    history = History(tmp_path / 'history.jsonl')
    for epoch, value in enumerate([0.2, None, 0.6, 0.5], 1):
        row = {'epoch': epoch, 'iter': 10 * epoch, 'lr': 0.1, 'train/loss': 1.0}
        history.append(row if value is None else {**row, 'val/mAP': value, 'val/loss': 9 - epoch})
    return tmp_path


def test_a_finished_run(folder):
    write_summary(
        folder / 'summary.json',
        stop_reason='early_stop',
        stopped_epoch=4,
        monitor='val/mAP',
        best=0.6,
        best_epoch=3,
        message='no better for long',
    )
    lines = run_report(folder).split('\n')
    assert [line.split(':')[0] for line in lines[:3]] == ['Epoch 1', 'Epoch 3', 'Epoch 4']
    assert lines[2].endswith('best 0.60 @ 3')
    assert lines[3] == 'stopped: early_stop after epoch 4 (no better for long)'
    assert 'best val/mAP = 0.6000 at epoch 3' in lines
    assert (folder / 'curves.png').read_bytes().startswith(b'\x89PNG')


def test_a_run_under_way(folder):
    assert 'goes on or was killed after epoch 4' in run_report(folder)


def test_less_is_better_for_a_loss(folder):
    write_summary(
        folder / 'summary.json',
        stop_reason='max_epochs',
        stopped_epoch=4,
        monitor='val/loss',
        mode='min',
    )
    assert 'best val/loss = 5.0000 at epoch 4' in run_report(folder)


def test_no_run(tmp_path):
    with pytest.raises(RunFolderError, match='holds no run'):
        run_report(tmp_path)


def test_what_is_to_be_known_of_the_splits(folder):
    """In a run that was killed, too."""
    record = {'allow_overlap': True, 'shared': ['1 image of both.'], 'unseen': []}
    record |= {'near_duplicates': 2, 'kinds': {'mirrored copy': 2}}
    (folder / 'separation.json').write_text(json.dumps(record))
    lines = run_report(folder).splitlines()
    assert 'splits: allow_overlap=True: 1 image of both.' in lines
    assert 'splits: 2 pairs of near-duplicates across splits (2 mirrored copy)' in lines


@pytest.mark.parametrize('text', ['', '[1]', '{"allow_overlap": true}', '7'])
def test_a_damaged_record_of_the_splits_is_named(folder, text):
    (folder / 'separation.json').write_text(text)
    with pytest.raises(RunFolderError, match=r'separation\.json cannot be read'):
        run_report(folder)


def test_the_overlap_and_the_monitor_that_were_configured(folder):
    text = run_report(folder, iou_thr=0.75, monitor='val/loss', mode='min')
    assert 'mAP@0.75 = 0.20' in text and 'mAP@0.5' not in text
    assert 'best val/loss = 5.0000 at epoch 4' in text


def test_a_direction_that_nobody_knows(folder):
    text = run_report(folder, monitor='val/lossless', mode=None)
    assert 'best: not told' in text and 'best val/' not in text


def test_a_key_with_loss_in_its_name_goes_its_own_way(folder):
    """'val/lossless' is more like 'val/loss' than it is."""
    for epoch, value in ((5, 0.9), (6, 0.8)):
        row = {'epoch': epoch, 'iter': 10 * epoch, 'lr': 0.1, 'val/lossless': value}
        History(folder / 'history.jsonl').append(row)
    write_summary(
        folder / 'summary.json',
        stop_reason='max_epochs',
        stopped_epoch=6,
        monitor='val/lossless',
        mode='max',
    )
    assert 'best val/lossless = 0.9000 at epoch 5' in run_report(folder)


def test_cocos_line_follows_where_it_was_measured(folder):
    row = {'epoch': 5, 'iter': 50, 'lr': 0.1, 'val/mAP': 0.5, 'val/coco_AP': 0.25}
    History(folder / 'history.jsonl').append(row)
    lines = run_report(folder).splitlines()
    assert lines[3].startswith('Epoch 5: ') and lines[4] == '  coco AP = 0.250'
    assert sum('coco AP' in line for line in lines) == 1


def test_a_refit(tmp_path):
    for epoch in (1, 2):
        row = {'epoch': epoch, 'iter': 5 * epoch, 'lr': 0.1, 'train/loss': 3.0 - epoch}
        History(tmp_path / 'history.jsonl').append(row)
    write_summary(
        tmp_path / 'summary.json',
        stop_reason='refit_epochs',
        stopped_epoch=2,
        refit_of='work_dirs/a',
        lr_cuts=[1],
    )
    lines = run_report(tmp_path, mode=None).splitlines()
    assert lines[:3] == [
        'Epoch 1: train loss = 2.00, lr = 1.0e-01',
        'Epoch 2: train loss = 1.00, lr = 1.0e-01',
        'stopped: refit_epochs after epoch 2',
    ]
    assert lines[3].startswith('refit of work_dirs/a on train and val: nothing was validated')
    assert not any(line.startswith('best') for line in lines)
    assert (tmp_path / 'curves.png').read_bytes().startswith(b'\x89PNG')
