from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim.lr_scheduler import ReduceLROnPlateau

from mmholdout.errors import ConfigError
from mmholdout.monitor.plateau import PlateauCut, PlateauDecision


@pytest.mark.parametrize(
    ('scores', 'options', 'cut_at'),
    [
        ([0.1 * i for i in range(1, 10)], {'patience': 0}, []),  # rising mAP is never cut
        ([0.5] * 6, {'patience': 3}, [5]),
        ([0.5] * 10, {'patience': 3}, [5, 9]),
        ([0.5] * 10, {'patience': 1, 'cooldown': 2}, [3, 7]),
        ([0.5, 0.4, 0.6, 0.5, 0.5, 0.5], {'patience': 1}, [5]),
        ([0.5, math.nan, math.nan, 0.5], {'patience': 1}, [3]),
        # three halvings would be 0.125; the floor is met by a smaller third cut, then none
        ([0.5] * 9, {'patience': 0, 'factor': 0.5, 'min_scale': 0.2}, [2, 3, 4]),
        ([0.5] * 5, {'patience': 0, 'min_scale': 1.0}, []),
    ],
)
def test_table(scores, options, cut_at):
    decision = PlateauDecision('max', **options)
    assert [i for i, score in enumerate(scores, 1) if decision.observe(score)] == cut_at
    assert decision.num_cuts == len(cut_at)


def test_a_tenth_after_the_fourth_bad_validation_where_nothing_is_said():
    decision = PlateauDecision('max')
    assert [decision.observe(0.5) for _ in range(4)] == [None] * 4
    assert decision.observe(0.5) == PlateauCut(4, 0.1, 1)


def test_falling_loss_is_never_cut():
    decision = PlateauDecision('min', patience=0)
    assert not any(decision.observe(1.0 / i) for i in range(1, 20))


def test_the_cut_says_what_it_did():
    decision = PlateauDecision('max', factor=0.5, patience=1, min_scale=0.3)
    cuts = [decision.observe(0.5) for _ in range(5)]
    assert cuts == [None, None, PlateauCut(2, 0.5, 1), None, PlateauCut(2, 0.3, 2)]
    assert decision.scale == 0.3


def test_nan_is_said():
    decision = PlateauDecision('max')
    decision.observe(math.nan)
    assert 'nan' in decision.notice


def test_hyper_parameters_come_from_the_config_on_resume():
    before = PlateauDecision('max', factor=0.5, patience=0)
    for _ in range(3):
        before.observe(0.5)
    assert set(before.state_dict()) == {'best', 'num_bad', 'cooldown_left', 'scale', 'num_cuts'}
    after = PlateauDecision('max', factor=0.1, patience=2, min_scale=0.01)
    after.load_state_dict(before.state_dict())
    cuts = [after.observe(0.5) for _ in range(3)]
    assert cuts[:2] == [None, None]
    assert cuts[2].scale == pytest.approx(0.025)


def test_a_floor_raised_on_resume_holds():
    before = PlateauDecision('max', patience=0)
    before.observe(0.5)
    before.observe(0.5)
    after = PlateauDecision('max', patience=0, min_scale=0.2)
    after.load_state_dict(before.state_dict())
    assert after.scale == 0.2


@pytest.mark.parametrize(
    'options',
    [
        {'factor': 0.0},
        {'factor': 1.0},
        {'factor': 10},
        {'factor': '0.1'},
        {'patience': -1},
        {'min_delta': -1e-3},
        {'cooldown': 0.5},
        {'min_scale': 2.0},
    ],
)
def test_impossible_options(options):
    with pytest.raises(ConfigError, match=next(iter(options))):
        PlateauDecision('max', **options)


# A coarse grid makes ties and exact min_delta steps frequent.
values = st.lists(st.one_of(st.integers(0, 8).map(lambda i: i / 8), st.floats(-2, 2)), max_size=40)
options = st.fixed_dictionaries(
    {
        'mode': st.sampled_from(['max', 'min']),
        'factor': st.sampled_from([0.1, 0.5, 0.9]),
        'patience': st.integers(0, 4),
        'min_delta': st.sampled_from([0.0, 0.125, 0.01]),
        'cooldown': st.integers(0, 3),
        'min_scale': st.sampled_from([0.0, 0.02, 0.3]),
    }
)


def torch_rates(scores, mode, factor, patience, min_delta, cooldown, min_scale):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = ReduceLROnPlateau(
        optimizer,
        mode,
        factor=factor,
        patience=patience,
        threshold=min_delta,
        threshold_mode='abs',
        cooldown=cooldown,
        min_lr=min_scale,
        eps=0.0,
    )
    rates = []
    for score in scores:
        scheduler.step(score)
        rates.append(optimizer.param_groups[0]['lr'])
    return rates, scheduler.num_bad_epochs


@settings(max_examples=300)
@given(st.lists(st.just(math.nan) | st.integers(0, 8).map(lambda i: i / 8), max_size=40), options)
def test_as_torch_does_with_ties_and_nan(scores, options):
    # torch compares NaN with its best, which is False both ways: no improvement, best kept.
    # Only infinities differ: torch keeps one as a best that nothing improves on.
    decision = PlateauDecision(**options)
    ours = []
    for score in scores:
        decision.observe(score)
        ours.append(decision.scale)
    assert (ours, decision.num_bad) == torch_rates(scores, **options)


@settings(max_examples=200)
@given(values, options)
def test_as_torch_does_with_any_numbers(scores, options):
    decision = PlateauDecision(**options)
    ours = []
    for score in scores:
        decision.observe(score)
        ours.append(decision.scale)
    assert (ours, decision.num_bad) == torch_rates(scores, **options)


@pytest.mark.parametrize(('mode', 'value'), [('max', math.inf), ('min', -math.inf)])
def test_the_difference_to_torch_an_infinity_is_not_kept_as_the_best(mode, value):
    sign = 1 if mode == 'max' else -1
    scores = [0.0, value, 1.0 * sign, 2.0 * sign, 3.0 * sign]
    decision = PlateauDecision(mode, patience=1)
    assert not any(decision.observe(score) for score in scores)
    rates, _ = torch_rates(scores, mode, 0.1, 1, 0.0, 0, 0.0)
    assert rates[-1] < 1.0


@given(values, st.integers(0, 40), options)
def test_resume(resumes, scores, at, options):
    resumes(
        lambda: PlateauDecision(**options),
        scores,
        at,
        lambda decision, _, score: decision.observe(score),
        lambda decision: (decision.scale, decision.best, decision.num_bad, decision.num_cuts),
    )
