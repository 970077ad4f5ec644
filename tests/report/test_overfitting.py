"""The rule against synthetic curves: what is overfitting, since when, and how often it errs."""

from __future__ import annotations

import math
import random
from statistics import median

import pytest

from mmholdout.report.overfitting import Overfitting, Thresholds, find_overfitting

EPOCHS = range(1, 61)
NAN = float('nan')


def _rows(val, fit, score):
    """History rows from three functions of the epoch; None leaves the key out."""
    rows = []
    for epoch in EPOCHS:
        row = {'epoch': epoch, 'iter': 100 * epoch, 'train/loss': fit(epoch) or 1.0}
        for key, curve in (('val/loss', val), ('train_eval/loss', fit), ('val/mAP', score)):
            value = curve(epoch)
            if value is not None:
                row[key] = value
        rows.append(row)
    return rows


def _noisy(rows, seed, relative, score_noise=0.01):
    draw = random.Random(seed)
    out = []
    for row in rows:
        row = dict(row)
        for key in ('val/loss', 'train_eval/loss'):
            row[key] *= 1 + relative * draw.gauss(0, 1)
        row['val/mAP'] += score_noise * draw.gauss(0, 1)
        out.append(row)
    return out


def _first_alarm(rows):
    """A run asks after each validation: the first answer and when it came."""
    for end in range(1, len(rows) + 1):
        found = find_overfitting(rows[:end])
        if found is not None:
            return end, found
    return None


def _fall(floor, height, pace):
    return lambda e: floor + height * math.exp(-e / pace)


def _turning(floor, height, pace, turn, slope):
    return lambda e: floor + height * math.exp(-e / pace) + slope * max(0, e - turn)


def _saturating(top, pace):
    return lambda e: top * (1 - math.exp(-e / pace))


def _stalling(top, turn, drop=0.0):
    return lambda e: top * min(e, turn) / turn - (drop if e > turn else 0)


HEALTHY = (_fall(2.0, 4.0, 8), _fall(1.8, 4.0, 8), _saturating(0.75, 8))
WIDENING_GAP = (_fall(2.0, 4.0, 8), _fall(1.0, 5.0, 14), _saturating(0.75, 8))
FLAT_VAL = (lambda e: 2.0, lambda e: 1.5 - 0.01 * e, lambda e: 0.7 - (e > 1) * 0.01)
OVERFIT = (_turning(2.0, 3.0, 4, 20, 0.04), _fall(0.8, 4.0, 15), _stalling(0.7, 20, 0.03))
SLOW_OVERFIT = (_turning(2.0, 3.0, 4, 20, 0.012), _fall(0.8, 4.0, 15), _stalling(0.7, 20, 0.03))


def _cut(epoch, before, after):
    return lambda e: before(e) if e <= epoch else after(e)


NEVER = {
    'converging': HEALTHY,
    'gap between train and val widens, val still falls': WIDENING_GAP,
    'val loss flat while train_eval falls': FLAT_VAL,
    'plateau of both': (lambda e: 2.0, lambda e: 1.5, lambda e: 0.7),
    'val loss rises while mAP still rises': (
        _turning(2.0, 3.0, 4, 20, 0.04),
        _fall(0.8, 4.0, 15),
        lambda e: 0.01 * e,
    ),
    'divergence: both losses rise': (
        _turning(2.0, 3.0, 4, 20, 0.1),
        _turning(1.5, 3.0, 4, 20, 0.1),
        _stalling(0.7, 20, 0.1),
    ),
    'rate cut: both drop, then stay': (
        _cut(30, _fall(2.5, 3.0, 6), lambda e: 2.0),
        _cut(30, _fall(2.2, 3.0, 6), lambda e: 1.6),
        _cut(30, _saturating(0.6, 6), lambda e: 0.7),
    ),
    'a bump in val loss that passes': (
        lambda e: 2.0 + 3 * math.exp(-e / 4) + 0.5 * math.exp(-(((e - 40) / 2) ** 2)),
        lambda e: 1.9 + 3 * math.exp(-e / 4),
        _stalling(0.7, 30),
    ),
    'one val loss beside the curve': (
        lambda e: 2.0 + 3 * math.exp(-e / 4) + (8.0 if e == 40 else 0),
        _fall(1.0, 4.0, 15),
        _stalling(0.7, 20),
    ),
    'no train_eval slice': (OVERFIT[0], lambda e: None, OVERFIT[2]),
    'no val loss': (lambda e: None, OVERFIT[1], OVERFIT[2]),
    'no mAP': (OVERFIT[0], OVERFIT[1], lambda e: None),
    'all NaN': (lambda e: NAN, OVERFIT[1], OVERFIT[2]),
}


@pytest.mark.parametrize('curves', NEVER.values(), ids=NEVER.keys())
def test_no_alarm_at_any_time(curves):
    assert _first_alarm(_rows(*curves)) is None


def test_no_rows_no_verdict():
    assert find_overfitting([]) is None


ALWAYS = {
    # curves -> (validation at which it is first said, epoch named, epoch kept)
    'clear': (OVERFIT, (25, 21, 20)),
    'slow': (SLOW_OVERFIT, (28, 21, 20)),
    'after a rate cut': (
        (
            _cut(30, _fall(2.5, 3.0, 6), lambda e: 2.0 + 0.05 * (e - 31)),
            _cut(30, _fall(2.2, 3.0, 6), lambda e: 1.6 - 0.02 * (e - 31)),
            _cut(30, _saturating(0.6, 6), lambda e: 0.7 - 0.001 * (e - 31)),
        ),
        (36, 32, 31),
    ),
    'gaps: NaN in each third validation': (
        (lambda e: NAN if e % 3 == 0 else OVERFIT[0](e), OVERFIT[1], OVERFIT[2]),
        (28, 22, 20),
    ),
    'gaps: validated each second epoch': (
        tuple((lambda e, c=c: c(e) if e % 2 == 0 else None) for c in OVERFIT),
        (30, 22, 20),
    ),
    'mAP rises longer than val loss falls': (
        (OVERFIT[0], OVERFIT[1], _stalling(0.7, 35, 0.03)),
        (40, 36, 35),
    ),
}


@pytest.mark.parametrize(('curves', 'expected'), ALWAYS.values(), ids=ALWAYS.keys())
def test_alarm_with_its_epochs(curves, expected):
    alarm = _first_alarm(_rows(*curves))
    assert alarm is not None
    said_at, found = alarm
    assert (said_at, found.since_epoch, found.best_epoch) == expected
    assert found.val_loss_now > found.val_loss_then
    assert found.train_eval_loss_now < found.train_eval_loss_then


def test_the_verdict_ends_when_val_loss_comes_back():
    def val(epoch):
        rise = 0.08 * (min(epoch, 30) - 20) if epoch > 20 else 0.0
        return 2.0 + 3 * math.exp(-epoch / 4) + rise - 0.02 * max(0, epoch - 30)

    rows = _rows(val, OVERFIT[1], OVERFIT[2])
    assert find_overfitting(rows[:30]) is not None
    assert rows[-1]['val/loss'] > 1.08 * rows[19]['val/loss']  # still high, but on its way down
    assert find_overfitting(rows) is None


def test_numbers_are_taken_around_the_turn_and_at_the_end():
    found = find_overfitting(_rows(*OVERFIT))
    val = [OVERFIT[0](e) for e in EPOCHS]
    fit = [OVERFIT[1](e) for e in EPOCHS]
    turn = found.since_epoch - 2  # position of the turning point
    assert found.val_loss_then == median(val[turn - 1 : turn + 2])
    assert found.val_loss_now == pytest.approx(sum(val[-3:]) / 3)
    assert found.train_eval_loss_then == median(fit[turn - 1 : turn + 2])
    assert found.train_eval_loss_now == pytest.approx(sum(fit[-3:]) / 3)


def test_the_sentence():
    found = Overfitting(14, 13, 2.31, 2.80, 1.98, 1.40)
    assert found.sentence() == (
        'overfitting since epoch 14: val loss 2.31 -> 2.80, train_eval loss 1.98 -> 1.40; '
        'try augmentation, weight decay, or the kept epoch 13'
    )


def test_small_losses_are_told_apart_in_the_sentence():
    sentence = Overfitting(14, 13, 0.0231, 0.0280, 0.0198, 0.0140).sentence()
    assert 'val loss 0.0231 -> 0.028, train_eval loss 0.0198 -> 0.014;' in sentence


def test_a_monitor_of_which_less_is_better():
    rows = _rows(*OVERFIT)
    for row in rows:
        row['val/miss'] = 1 - row['val/mAP']
    found = find_overfitting(rows, monitor='val/miss', mode='min')
    assert found == find_overfitting(rows)
    # Under the wrong direction the lowest mAP, epoch 1, would count as the best.
    assert find_overfitting(rows, monitor='val/miss', mode='max') != found


@pytest.mark.parametrize('factor', [0.01, 100.0])
def test_the_scale_of_the_losses_does_not_matter(factor):
    rows = _rows(*OVERFIT)
    scaled = [{**r, **{k: factor * r[k] for k in ('val/loss', 'train_eval/loss')}} for r in rows]
    assert _first_alarm(scaled)[0] == _first_alarm(rows)[0]


def test_too_few_validations_give_no_verdict():
    rows = _rows(
        lambda e: 1.0 + 0.1 * e, lambda e: 1.0 - 0.01 * e, lambda e: 0.5 - 0.001 * e
    )  # overfits from the start
    assert _first_alarm(rows)[0] == 8
    patient = Thresholds(min_validations=15)
    assert find_overfitting(rows[:14], thresholds=patient) is None
    assert find_overfitting(rows[:15], thresholds=patient) is not None


@pytest.mark.parametrize('curves', [HEALTHY, WIDENING_GAP], ids=['converging', 'widening gap'])
@pytest.mark.parametrize('noise', [0.01, 0.03, 0.1])
def test_noise_on_healthy_curves_raises_no_alarm(curves, noise):
    """0 false alarms in 100 runs of 60 validations, each asked 60 times."""
    clean = _rows(*curves)
    assert sum(_first_alarm(_noisy(clean, seed, noise)) is not None for seed in range(100)) == 0


@pytest.mark.parametrize(('noise', 'most'), [(0.01, 2), (0.03, 3), (0.1, 0)])
def test_noise_on_the_hardest_healthy_curve_seldom_raises_one(noise, most):
    """Val flat and stalled, train_eval falling: one step from overfitting. Per 100 runs."""
    clean = _rows(*FLAT_VAL)
    alarms = sum(_first_alarm(_noisy(clean, seed, noise)) is not None for seed in range(100))
    assert alarms <= most


@pytest.mark.parametrize(('noise', 'least'), [(0.01, 100), (0.03, 100), (0.06, 97)])
def test_overfitting_is_found_under_noise(noise, least):
    clean = _rows(*OVERFIT)
    alarms = [_first_alarm(_noisy(clean, seed, noise)) for seed in range(100)]
    found = [alarm for alarm in alarms if alarm is not None]
    assert len(found) >= least
    since = sorted(overfitting.since_epoch for _, overfitting in found)
    assert 19 <= since[len(since) // 2] <= 26
    assert since[0] >= 15


def test_a_fit_that_decays_from_a_steep_start_is_no_noise():
    """40 images learned by heart: train_eval falls from 5 to nearly nothing, val loss climbs."""
    rng = random.Random(0)
    rows = [
        {
            'epoch': epoch,
            'val/mAP': 0.08 * (1 - math.exp(-epoch / 8)) + 0.004 * rng.gauss(0, 1),
            'val/loss': 7.7 + 3.4 * (1 - math.exp(-epoch / 60)) + 0.1 * rng.gauss(0, 1),
            'train_eval/loss': 0.04 + 5 * math.exp(-epoch / 12) * (1 + 0.05 * rng.gauss(0, 1)),
        }
        for epoch in range(1, 121)
    ]
    assert any(find_overfitting(rows[:n]) for n in range(20, 121))
