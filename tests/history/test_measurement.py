from __future__ import annotations

import dataclasses

import pytest

from mmholdout.history.measurement import Measurement


def test_the_row_of_a_validation():
    metrics = {'train/loss': 2.0, 'val/mAP': 0.123456789, 'train_eval/loss': 1.5}
    row = Measurement(10, 1200, metrics, train_seconds=9.0, val_seconds=3.5).row(lr=1e-3)
    assert row == {
        'epoch': 10,
        'iter': 1200,
        'lr': 1e-3,
        'seconds': 12.5,
        'train_seconds': 9.0,
        'val_seconds': 3.5,
        **metrics,
    }


def test_the_row_of_an_epoch_without_validation_lacks_what_was_not_measured():
    measurement = Measurement(1, 5, {'train/loss': 2.0}, train_seconds=4.0)
    assert not measurement.validated
    assert set(measurement.row(lr=0.1)) == {
        'epoch',
        'iter',
        'lr',
        'seconds',
        'train_seconds',
        'train/loss',
    }


def test_train_eval_alone_is_no_validation():
    assert not Measurement(1, 5, {'train_eval/loss': 1.0}).validated
    assert Measurement(1, 5, {'val/loss': 1.0}).validated


def test_values_become_plain_floats():
    class Scalar:
        def __float__(self):
            return 0.5

    assert type(Measurement(1, 5, {'val/mAP': Scalar()}).row(lr=Scalar())['val/mAP']) is float


def test_it_cannot_be_changed_by_a_hook():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Measurement(1, 5).epoch = 2


def test_no_time_has_passed_where_nothing_is_said():
    found = Measurement(1, 7, {'val/mAP': 0.5})
    assert found.seconds == 0.0
    row = found.row(0.1)
    assert [row[key] for key in ('seconds', 'train_seconds', 'val_seconds')] == [0.0] * 3
