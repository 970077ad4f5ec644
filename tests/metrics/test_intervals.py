from __future__ import annotations

import numpy as np
import pytest

from mmholdout.metrics.intervals import (
    MIN_IMAGES,
    MIN_OBJECTS_PER_CLASS,
    Interval,
    ratio_interval,
    t_quantile,
    too_little_support,
)


def replicates(centre: float = 0.6, spread: float = 0.02) -> np.ndarray:
    values = np.random.default_rng(0).normal(0, 1, 400)
    return centre + spread * (values - values.mean()) / values.std(ddof=1)


def test_a_narrow_interval_is_the_t_interval() -> None:
    interval = ratio_interval(0.6, replicates(), 100)
    step = 1.984217 * 0.02 * np.sqrt(100 / 99)
    assert (interval.low, interval.high) == pytest.approx((0.6 - step, 0.6 + step), abs=1e-3)
    assert interval.half_width == pytest.approx(step, rel=5e-3)


def test_it_is_centred_at_the_measured_value_on_the_logit_scale() -> None:
    interval = ratio_interval(0.9, replicates(0.93), 100)
    ends = [np.log(p / (1 - p)) for p in (interval.low, interval.high)]
    assert np.mean(ends) == pytest.approx(np.log(9))


@pytest.mark.parametrize('value', [0.001, 0.999])
def test_it_stays_within_0_and_1(value) -> None:
    interval = ratio_interval(value, replicates(value, 0.4), 60)
    assert 0 <= interval.low < value < interval.high <= 1


@pytest.mark.parametrize('value', [0.0, 1.0])
def test_none_at_the_ends(value) -> None:
    assert ratio_interval(value, replicates(value), 60) is None


def test_none_without_spread_or_without_replicates() -> None:
    assert ratio_interval(0.5, np.full(9, 0.5), 60) is None
    assert ratio_interval(0.5, np.array([np.nan, 0.5, np.nan]), 60) is None


def test_undefined_replicates_are_left_out() -> None:
    values = replicates()
    assert ratio_interval(0.6, np.append(values, np.nan), 60) == ratio_interval(0.6, values, 60)


def test_less_is_wider() -> None:
    few, many = (ratio_interval(0.6, replicates(), n) for n in (50, 5000))
    assert few.half_width > many.half_width * 1.02
    assert ratio_interval(0.6, replicates(), 50, level=0.5).half_width < many.half_width / 2


def test_interval_is_plain() -> None:
    assert Interval(0.25, 0.75).half_width == 0.25


@pytest.mark.parametrize(
    ('images', 'objects', 'reason'),
    [
        (22, 100, f'too few images (22 < {MIN_IMAGES})'),
        (MIN_IMAGES - 1, 100, f'too few images ({MIN_IMAGES - 1} < {MIN_IMAGES})'),
        (500, 9.99, f'too few objects per class (9.9 < {MIN_OBJECTS_PER_CLASS})'),
        (MIN_IMAGES, MIN_OBJECTS_PER_CLASS, None),
    ],
)
def test_support(images, objects, reason) -> None:
    assert too_little_support(images, objects) == reason


@pytest.mark.parametrize('freedom', [MIN_IMAGES - 1, 99, 1000])
def test_quantile_of_t(freedom) -> None:
    stats = pytest.importorskip('scipy.stats')
    for probability in (0.025, 0.9, 0.975):
        assert t_quantile(probability, freedom) == pytest.approx(
            stats.t.ppf(probability, freedom), abs=1e-5
        )
