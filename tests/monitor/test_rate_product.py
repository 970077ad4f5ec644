from __future__ import annotations

import pytest

from mmholdout.errors import ConfigError
from mmholdout.monitor.rate import RateSchedule
from mmholdout.monitor.rate_product import RateProduct, schedule_of

WARM = {'type': 'linear', 'end': 6, 'by_epoch': False, 'start_factor': 0.5}
STEP = {'type': 'step', 'milestones': [1]}


def test_factors_are_multiplied():
    product = schedule_of({'type': 'product', 'factors': [WARM, STEP]})
    assert [product.factor(i // 4, i, 3, 4) for i in (0, 3, 4, 5, 8)] == pytest.approx(
        [0.5, 0.8, 0.09, 0.1, 0.1]
    )
    assert product.warmup_length(4) == 5


def test_it_is_the_simple_schedule_where_both_can_say_it():
    simple = schedule_of(
        {'type': 'cosine', 'min_factor': 0.1, 'warmup': {'iters': 5, 'start_factor': 0.5}}
    )
    assert isinstance(simple, RateSchedule) and simple.warmup_length(4) == 5
    cosine = {'type': 'cosine', 'end': 7, 'length': 7, 'min_factor': 0.1}
    product = RateProduct([WARM, cosine])
    for i in range(28):
        assert product.factor(i // 4, i, 7, 4) == pytest.approx(simple.factor(i // 4, i, 7, 4))


@pytest.mark.parametrize(
    ('words', 'said'),
    [
        ({'factors': []}, 'must be a list'),
        ({'factors': [3]}, 'each must be a dict'),
        ({'factors': [WARM], 'warmup': {}}, 'takes factors alone, got warmup'),
        ({'factors': [{'type': 'step'}, {'type': 'x'}]}, "'x' is unknown"),
    ],
)
def test_mistakes(words, said):
    with pytest.raises(ConfigError, match=said):
        schedule_of({'type': 'product', **words})
