import numpy as np
import pytest

from mmholdout.priors.family import by_stride, plain, rounded_sizes
from mmholdout.priors.octave_family import OctaveFamily
from mmholdout.priors.ssd_family import SSDFamily
from mmholdout.priors.yolo_family import YOLOFamily

KINDS = {
    'ssd': (SSDFamily, {}),
    'ssd300': (SSDFamily, {}),
    'yolo': (YOLOFamily, {}),
    'retina': (
        OctaveFamily,
        {'octave_base_scale': 3.1, 'scales_per_octave': 2, 'ratios': [0.5, 1.0, 2.0]},
    ),
    'rpn': (OctaveFamily, {'scales': [1.5, 2.5], 'ratios': [0.7, 1.4]}),
}


@pytest.mark.parametrize('kind', KINDS)
def test_the_numbers_as_given_make_the_generators_own_priors(levels, kind):
    family_class, words = KINDS[kind]
    family = family_class(levels[kind], words)
    for mine, real in zip(family.levels(family.given()), levels[kind]):
        assert mine.stride == real.stride
        np.testing.assert_allclose(
            np.sort(mine.base, axis=0), np.sort(real.base, axis=0), rtol=1e-5, atol=1e-4
        )
    assert family.allowed(family.given())


@pytest.mark.parametrize('kind', KINDS)
def test_a_start_from_clusters_is_allowed_after_rounding(levels, kind):
    family_class, words = KINDS[kind]
    family = family_class(levels[kind], words)
    random = np.random.default_rng(0)
    for low, high in ((2, 8), (5, 90), (60, 90), (30, 31)):
        sizes = random.uniform(low, high, (200, 2))
        start = family.rounded(family.start(sizes, np.ones(200)))
        assert start.shape == family.given().shape
        assert family.allowed(start), (low, high, start)


def test_by_stride(levels):
    assert by_stride(levels['yolo']) == [2, 1, 0]
    assert by_stride(levels['ssd']) == [0, 1, 2]


def test_rounded_sizes_and_plain_numbers():
    got = rounded_sizes(np.array([0.01, 3.14159, 9.96, 10.6, 311.2]))
    assert plain(got) == [0.1, 3.1, 10, 11, 311]
    assert [type(n) for n in plain(got)] == [float, float, int, int, int]
