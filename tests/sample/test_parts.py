import numpy as np
import pytest

from mmholdout.sample.parts import CLASSES, PARTS, PATCH, X, Y


def extent(coverage):
    """Length and width of what is covered, in patch coordinates (the patch is 2 wide)."""
    seen = coverage > 0.5
    return np.ptp(Y[seen]), np.ptp(X[seen])


@pytest.mark.parametrize('name', CLASSES)
def test_a_part_fills_its_patch(name, rng):
    for _ in range(10):
        colours, coverage = PARTS[name](rng)
        assert colours.shape == (PATCH, PATCH, 3)
        assert coverage.shape == (PATCH, PATCH)
        assert np.isfinite(colours).all()
        assert coverage.min() >= 0
        assert coverage.max() <= 1
        assert max(extent(coverage)) > 1.85


@pytest.mark.parametrize('name', ['screw', 'battery'])
def test_long_parts_stand_upright(name, rng):
    length, width = extent(PARTS[name](rng)[1])
    assert length > 1.9
    assert width < 1.0


@pytest.mark.parametrize('name', ['nut', 'washer'])
def test_rings_have_a_hole_of_the_background(name, rng):
    coverage = PARTS[name](rng)[1]
    middle = PATCH // 2
    assert coverage[middle, middle] == 0
    assert coverage[middle, 4] > 0.9


def test_only_the_nut_has_flat_sides(rng):
    radius = np.hypot(X, Y)

    def least_and_most(name):
        seen = PARTS[name](rng)[1] > 0.5
        angle = np.round(np.arctan2(Y, X) * 12).astype(int)
        reach = [radius[seen & (angle == a)].max() for a in np.unique(angle[seen])]
        return min(reach), max(reach)

    least, most = least_and_most('washer')
    assert most - least < 0.03
    least, most = least_and_most('nut')
    assert 0.08 < most - least < 0.16  # a hexagon: 1 - cos(30 degrees)


@pytest.mark.parametrize('name', CLASSES)
def test_parts_vary(name, rng):
    first, second = PARTS[name](rng)[0], PARTS[name](rng)[0]
    assert np.abs(first - second).mean() > 3
