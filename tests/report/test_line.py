"""The line of a validation, word for word."""

from __future__ import annotations

import pytest

from mmholdout.report.line import plain_line, summary_line

ROW = {
    'epoch': 10,
    'iter': 1200,
    'lr': 1e-3,
    'train/loss': 2.05,
    'val/mAP': 0.75,
    'val/AP75': 0.412,
    'val/precision': 0.82,
    'val/recall': 0.70,
    'val/loss': 2.31,
    'train_eval/loss': 1.98,
}


def _without(*keys):
    return {key: value for key, value in ROW.items() if key not in keys}


def test_the_line_of_the_design():
    assert summary_line(ROW, 0.75, 10, 'val/mAP') == (
        'Epoch 10: mAP@0.5 = 0.75, Precision = 0.82, Recall = 0.70, '
        'val loss = 2.31 (train 1.98), lr = 1.0e-03, best 0.75 @ 10'
    )


@pytest.mark.parametrize(
    ('missing', 'line'),
    [
        (
            ('train_eval/loss',),  # train/loss is no fair stand-in
            'Epoch 10: mAP@0.5 = 0.75, Precision = 0.82, Recall = 0.70, '
            'val loss = 2.31, lr = 1.0e-03, best 0.75 @ 10',
        ),
        (
            ('val/loss',),
            'Epoch 10: mAP@0.5 = 0.75, Precision = 0.82, Recall = 0.70, '
            'lr = 1.0e-03, best 0.75 @ 10',
        ),
        (
            ('val/mAP', 'val/precision', 'val/recall', 'lr'),
            'Epoch 10: val loss = 2.31 (train 1.98), best 0.75 @ 10',
        ),
    ],
)
def test_absent_parts_are_left_out(missing, line):
    assert summary_line(_without(*missing), 0.75, 10, 'val/mAP') == line


def test_no_best_yet():
    assert summary_line(ROW, None, None, 'val/mAP').endswith('lr = 1.0e-03')


def test_nothing_but_the_epoch():
    assert summary_line({'epoch': 3}, None, None, 'val/mAP') == 'Epoch 3'


def test_another_iou_threshold_is_named():
    assert 'mAP@0.75 = 0.75' in summary_line(ROW, 0.75, 10, 'val/mAP', iou_thr=0.75)


def test_another_monitor_is_shown_and_named_at_best():
    assert summary_line(ROW, 0.42, 8, 'val/AP75') == (
        'Epoch 10: mAP@0.5 = 0.75, Precision = 0.82, Recall = 0.70, AP75 = 0.41, '
        'val loss = 2.31 (train 1.98), lr = 1.0e-03, best AP75 0.42 @ 8'
    )


def test_a_monitor_that_is_shown_anyway_is_not_said_twice():
    line = summary_line(ROW, 2.25, 8, 'val/loss')
    assert line.count('val loss = ') == 1
    assert line.endswith('best val loss 2.25 @ 8')
    assert summary_line(ROW, 0.71, 8, 'val/recall').endswith('best Recall 0.71 @ 8')


def test_a_monitor_that_this_row_lacks():
    assert summary_line(_without('val/AP75'), 0.42, 8, 'val/AP75').endswith('best AP75 0.42 @ 8')


def test_a_value_below_the_best_does_not_look_equal_to_it():
    line = summary_line({**ROW, 'val/mAP': 0.7512}, 0.7548, 8, 'val/mAP')
    assert 'mAP@0.5 = 0.751,' in line
    assert line.endswith('best 0.755 @ 8')


def test_nearly_perfect_is_not_perfect():
    assert 'Precision = 0.9996' in summary_line(
        {**ROW, 'val/precision': 0.9996}, 0.75, 10, 'val/mAP'
    )


@pytest.mark.parametrize(
    ('ends', 'start'),
    [
        ((0.738, 0.762), 'Epoch 10: mAP@0.5 = 0.750 ± 0.012, Precision = 0.82,'),
        ((0.6, 0.88), 'Epoch 10: mAP@0.5 = 0.75 ± 0.14, Precision = 0.82,'),
    ],
)
def test_half_of_the_interval_follows_map(ends, start):
    row = ROW | {'val/mAP_low': ends[0], 'val/mAP_high': ends[1]}
    row |= {'val/precision_low': 0.1, 'val/precision_high': 0.9}
    assert summary_line(row, 0.75, 10, 'val/mAP').startswith(start)


def test_half_an_interval_is_none():
    assert ' ± ' not in summary_line(ROW | {'val/mAP_low': 0.7}, 0.75, 10, 'val/mAP')


def test_an_epoch_that_was_not_validated():
    row = {'epoch': 3, 'lr': 4e-3, 'train/loss': 2.3456, 'train/loss_cls': 1.0}
    assert plain_line(row) == 'Epoch 3: train loss = 2.35, lr = 4.0e-03'
    assert plain_line({'epoch': 3}) == 'Epoch 3'
