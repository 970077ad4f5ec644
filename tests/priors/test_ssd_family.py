import numpy as np
import pytest

from mmholdout.priors.ssd_family import SSDFamily


@pytest.fixture
def family(levels):
    return SSDFamily(levels['ssd'], {})


def test_given_are_min_sizes_max_sizes_and_ratios(family):
    expected = [10, 24, 2, 24, 50, 2, 3, 50, 90, 1.5]
    np.testing.assert_allclose(family.given(), expected, rtol=1e-5)


def test_arguments_can_be_pasted(family):
    assert family.arguments(family.rounded(family.given())) == {
        'min_sizes': [10, 24, 50],
        'max_sizes': [24, 50, 90],
        'ratios': [[2], [2, 3], [1.5]],
    }


def test_the_generator_makes_what_the_arguments_say(family, generators):
    numbers = family.rounded(np.array([9.87, 21.3, 1.777, 30.2, 60, 1.31, 2.2, 61, 92.6, 3.3]))
    built = type(generators['ssd'])(
        strides=[8, 16, 33], input_size=96, scale_major=False, **family.arguments(numbers)
    )
    for mine, real in zip(family.levels(numbers), built.base_anchors):
        np.testing.assert_allclose(mine.base, real.numpy(), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize(
    ('at', 'value'),
    [
        (0, 7.1),  # below 0.9 of the stride
        (3, 10.5),  # hardly above the level before
        (1, 10.2),  # max hardly above min
        (1, 41),  # more than four times min
        (1, 40),  # larger square than the next level's is 34.6; 20 is not, so this is allowed
        (2, 1.05),
        (5, 2.9),  # too near the other ratio
        (6, 9),
    ],
)
def test_limits(family, at, value):
    numbers = family.given()
    numbers[at] = value
    assert family.allowed(numbers) is (value == 40)


def test_a_level_below_the_limit_may_stay_as_it_is(levels):
    coarse = levels['ssd'][0]
    lower = coarse.with_sizes(coarse.sizes * 0.6)  # a smallest square of 6 on a stride of 8
    family = SSDFamily([lower, *levels['ssd'][1:]], {})
    assert family.allowed(family.given())


def test_start_puts_two_sizes_on_each_level_smallest_first(family):
    random = np.random.default_rng(0)
    sides = np.repeat([10, 15, 25, 38, 60, 80], 40)[:, None]
    sizes = sides * random.uniform(0.98, 1.02, (240, 2))
    start = family.start(sizes, np.ones(240))
    np.testing.assert_allclose(start[[0, 3, 7]], [10, 25, 60], rtol=0.03)
    np.testing.assert_allclose(
        np.sqrt(start[[0, 3, 7]] * start[[1, 4, 8]]), [15, 38, 80], rtol=0.03
    )


def test_start_takes_ratios_from_the_boxes_of_the_level(levels):
    family = SSDFamily(levels['ssd'][:1], {})
    sizes = np.array([[30.0, 10], [10, 30]] * 20)
    assert family.start(sizes, np.ones(40))[2] == pytest.approx(3)
