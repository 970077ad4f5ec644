from __future__ import annotations

import warnings

import pytest
import torch
from torch.optim import lr_scheduler

from mmholdout.monitor.rate_factors import constant, cosine, poly, step, warmup

TOTAL = 30


def torch_factors(make, steps=TOTAL + 1):
    """The rates that a torch scheduler gives a base rate of 1."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer)
    factors = []
    for _ in range(steps):
        factors.append(optimizer.param_groups[0]['lr'])
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # no optimizer.step() in between
            scheduler.step()
    return factors


@pytest.mark.parametrize('gamma', [0.1, 0.5])
@pytest.mark.parametrize('milestones', [[8, 11], [1], [5, 20, 29], [40]])
def test_step_is_multistep(milestones, gamma):
    expected = torch_factors(lambda o: lr_scheduler.MultiStepLR(o, milestones, gamma))
    ours = [step(t, milestones, gamma) for t in range(TOTAL + 1)]
    assert ours == pytest.approx(expected, rel=1e-12)


def test_step_with_regular_milestones_is_steplr():
    expected = torch_factors(lambda o: lr_scheduler.StepLR(o, 7, 0.3))
    ours = [step(t, list(range(7, TOTAL + 1, 7)), 0.3) for t in range(TOTAL + 1)]
    assert ours == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize('min_factor', [0.0, 0.05, 1.0])
def test_cosine_is_cosine_annealing(min_factor):
    expected = torch_factors(
        lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=TOTAL, eta_min=min_factor)
    )
    ours = [cosine(t / TOTAL, min_factor) for t in range(TOTAL + 1)]
    assert ours == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize('power', [0.5, 0.9, 1.0, 2.0])
def test_poly_is_polynomial(power):
    expected = torch_factors(lambda o: lr_scheduler.PolynomialLR(o, TOTAL, power), TOTAL + 5)
    ours = [poly(t / TOTAL, power) for t in range(TOTAL + 5)]
    assert ours == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_poly_ends_at_its_floor():
    assert poly(0.0, 0.9, 0.01) == 1.0
    assert poly(0.5, 1.0, 0.5) == 0.75
    assert poly(1.0, 0.9, 0.01) == 0.01


def test_both_end_at_zero_where_nothing_is_said():
    assert (cosine(0.0), cosine(1.0)) == (1.0, 0.0)
    assert (poly(0.0), poly(0.5), poly(1.0)) == (1.0, 0.5**0.9, 0.0)


@pytest.mark.parametrize(('iters', 'start'), [(10, 0.1), (1, 0.5), (30, 0.001), (7, 1.0)])
def test_warmup_is_linear(iters, start):
    expected = torch_factors(lambda o: lr_scheduler.LinearLR(o, start, 1.0, iters))
    ours = [warmup(t, iters, start) for t in range(TOTAL + 1)]
    assert ours == pytest.approx(expected, rel=1e-9)


def test_no_warmup():
    assert warmup(0, 0, 0.1) == 1.0


@pytest.mark.parametrize('progress', [1.0, 1.5, 10.0])
def test_beyond_the_end_the_end_stays(progress):
    assert cosine(progress, 0.2) == pytest.approx(0.2)
    assert poly(progress, 0.9, 0.2) == pytest.approx(0.2)


def test_constant():
    assert constant() == 1.0
