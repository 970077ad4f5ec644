import numpy as np
import pytest

from mmholdout.priors.yolo_family import YOLOFamily


@pytest.fixture
def family(levels):
    return YOLOFamily(levels['yolo'], {})


def test_arguments_are_the_generators(family, generators):
    said = family.arguments(family.given())
    assert said == {'base_sizes': [[(60, 40), (50, 90)], [(30, 30), (16, 44)], [(8, 8), (20, 9)]]}
    built = type(generators['yolo'])(strides=[32, 16, 8], **said)
    for mine, real in zip(family.levels(family.given()), built.base_anchors):
        np.testing.assert_allclose(mine.base, real.numpy())


def test_start_deals_clusters_to_levels_in_the_generators_order(family):
    random = np.random.default_rng(0)
    groups = [(8, 9), (20, 8), (25, 30), (20, 60), (90, 60), (100, 140)]
    sizes = np.concatenate([np.array(g) * random.uniform(0.99, 1.01, (40, 2)) for g in groups])
    coarse, middle, fine = family.sizes(family.start(sizes, np.ones(240)))
    np.testing.assert_allclose(fine, groups[:2], rtol=0.02)
    np.testing.assert_allclose(middle, groups[2:4], rtol=0.02)
    np.testing.assert_allclose(coarse, groups[4:], rtol=0.02)


def test_a_finer_level_holds_no_larger_prior(family):
    numbers = family.given()
    numbers[8:10] = 31, 31  # of the finest level; the middle one has 16 x 44 = 704
    assert not family.allowed(numbers)
    assert not family.allowed(family.given() * 0.1)  # below a pixel
