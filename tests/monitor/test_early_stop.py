from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmholdout.monitor.early_stop import EarlyStopDecision, StopReason

nan = math.nan


def test_nothing_has_been_seen_before_the_first_validation():
    decision = EarlyStopDecision('max')
    assert decision.stopped is False
    assert decision.state_dict() == {
        'best': None,
        'num_bad': 0,
        'best_epoch': None,
        'since': None,
        'epoch': 0,
        'stopped': False,
    }


def test_ten_validations_without_improvement_are_tolerated_where_nothing_is_said():
    assert run(EarlyStopDecision('max'), [0.5] * 20)[0] == 12


def run(decision, scores, interval=1):
    """The epoch of the first stop, and the stop."""
    for i, score in enumerate(scores, 1):
        stop = decision.observe(score, i * interval)
        if stop:
            return stop.epoch, stop
    return None, None


@pytest.mark.parametrize(
    ('scores', 'patience', 'min_delta', 'interval', 'epoch'),
    [
        ([0.5] * 12, 2, 0.0, 1, 4),
        ([0.0] * 12, 2, 0.0, 1, 4),
        ([0.5] * 12, 2, 0.0, 3, 12),  # 3 validations = 9 epochs after the best, at epoch 3
        ([0.5] * 12, 0, 0.0, 1, 2),
        ([0.1, 0.105, 0.11, 0.115, 0.12, 0.125], 2, 0.0, 1, None),
        ([0.5, 0.6, 0.7, 0.6, 0.7, 0.7, 0.6], 3, 0.0, 1, 7),
        ([0.5, 0.5005, 0.501, 0.5015], 2, 1e-2, 1, 4),
        ([0.5, nan, 0.4, 0.3, 0.6], 2, 0.0, 1, 4),
        ([nan, nan, nan], 1, 0.0, 1, 2),
    ],
)
def test_table(scores, patience, min_delta, interval, epoch):
    assert run(EarlyStopDecision('max', patience, min_delta), scores, interval)[0] == epoch


@pytest.mark.parametrize(
    ('scores', 'options', 'interval', 'sentence'),
    [
        (
            [i / 100 for i in range(12)] + [0.75123456] + [0.7] * 11,
            {'mode': 'max', 'patience': 10},
            1,
            'val/mAP has not improved on 0.7512 (epoch 13) for 11 validations = 11 epochs '
            '(patience 10)',
        ),
        (
            [0.5] * 5,
            {'mode': 'max', 'patience': 3},
            3,
            'val/mAP has not improved on 0.5 (epoch 3) for 4 validations = 12 epochs (patience 3)',
        ),
        (
            [0.5, 0.5],
            {'mode': 'max', 'patience': 0, 'min_delta': 1e-3},
            1,
            'val/mAP has not improved on 0.5 (epoch 1) by more than 0.001 for '
            '1 validation = 1 epoch (patience 0)',
        ),
        (
            [nan] * 3,
            {'mode': 'max', 'patience': 2},
            1,
            'val/mAP has had no finite value for 3 validations = 3 epochs (patience 2)',
        ),
    ],
)
def test_the_sentence_counts_validations_and_says_the_epochs(scores, options, interval, sentence):
    decision = EarlyStopDecision(**options)
    _, stop = run(decision, scores, interval)
    assert stop.sentence('val/mAP') == decision.sentence('val/mAP') == sentence


def test_several_validations_in_one_epoch_are_not_called_epochs():
    decision = EarlyStopDecision('max', 1)
    for _ in range(3):
        stop = decision.observe(0.5, 2)
    assert 'for 2 validations (patience 1)' in stop.sentence('val/mAP')


def test_a_stopped_run_stays_stopped_on_resume_unless_patience_was_raised():
    stopped = EarlyStopDecision('max', 1)
    assert run(stopped, [0.5] * 3)[0] == 3
    same, patient = EarlyStopDecision('max', 1), EarlyStopDecision('max', 3)
    just_enough = EarlyStopDecision('max', 2)
    for other in (same, patient, just_enough):
        other.load_state_dict(stopped.state_dict())
    assert same.still_stopped()
    assert same.sentence('val/mAP') == stopped.sentence('val/mAP')
    assert not patient.still_stopped()
    assert not just_enough.still_stopped()  # two are bad, two are tolerated
    assert patient.observe(0.5, 4) is None
    assert patient.observe(0.5, 5).num_bad == 4


def test_a_run_that_never_stopped_is_not_stopped_by_a_lower_patience_before_it_validates():
    running, impatient = EarlyStopDecision('max', 9), EarlyStopDecision('max', 1)
    run(running, [0.5] * 4)
    impatient.load_state_dict(running.state_dict())
    assert not impatient.still_stopped()
    assert impatient.observe(0.5, 5) is not None


@given(
    st.lists(st.floats(), max_size=15),
    st.integers(0, 15),
    st.sampled_from(['max', 'min']),
    st.integers(0, 4),
)
def test_resume(resumes, scores, at, mode, patience):
    resumes(
        lambda: EarlyStopDecision(mode, patience),
        scores,
        at,
        lambda decision, i, score: decision.observe(score, i + 1),
        lambda decision: (decision.stopped, decision.best_epoch, decision.sentence('k')),
    )


def test_reasons_are_plain_text_in_json_and_in_print():
    assert json.dumps(StopReason.EARLY_STOP) == '"early_stop"'
    assert f'{StopReason.NON_FINITE}' == 'non_finite_loss'
    assert StopReason('max_epochs') is StopReason.MAX_EPOCHS


@pytest.mark.parametrize(
    ('chances', 'best', 'num_bad'),
    [
        ([None, 0.95, 0.9], 0.7, 0),
        ([None, 0.95, 0.89], 0.6, 1),
        ([None, 0.2, 0.91], 0.7, 0),
        ([None, None, None], 0.7, 0),
        ([None, 0.5, 0.5], 0.5, 2),
    ],
)
def test_an_improvement_must_be_probable_where_that_is_asked_for(chances, best, num_bad):
    decision = EarlyStopDecision('max', 5, significance=0.9)
    for epoch, (value, p_better) in enumerate(zip([0.5, 0.6, 0.7], chances), 1):
        decision.observe(value, epoch, p_better)
    assert (decision.best, decision.num_bad) == (best, num_bad)


def test_a_probable_one_that_is_not_better_is_none():
    decision = EarlyStopDecision('max', 5, min_delta=0.1, significance=0.9)
    decision.observe(0.5, 1)
    decision.observe(0.55, 2, 0.99)
    assert decision.num_bad == 1 and decision.doubt is None and decision.notice is None


def test_nobody_asked():
    decision = EarlyStopDecision('max', 5)
    decision.observe(0.5, 1)
    decision.observe(0.6, 2, 0.01)
    assert decision.best == 0.6


@pytest.mark.parametrize(
    ('p_better', 'said'), [(0.8312, '0.83 < 0.9'), (0.8996, '0.8996 < 0.9'), (0.0, '0.00 < 0.9')]
)
def test_the_doubt_is_said_and_survives_a_resume(p_better, said):
    decision = EarlyStopDecision('max', 0, significance=0.9)
    decision.observe(0.5, 1)
    stop = decision.observe(0.6, 2, p_better)
    assert decision.notice == (
        f'0.6 is better than 0.5 (epoch 1), but P(better) = {said}, so it counts as no improvement'
    )
    assert stop.sentence('val/mAP').endswith(f' (patience 0); of the last one P(better) = {said}')
    again = EarlyStopDecision('max', 0, significance=0.9)
    again.load_state_dict(decision.state_dict())
    assert again.sentence('val/mAP') == stop.sentence('val/mAP')
