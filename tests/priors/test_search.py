import numpy as np
import pytest

from mmholdout.priors.coverage import ClassFit, Threshold, coverage
from mmholdout.priors.octave_family import OctaveFamily
from mmholdout.priors.search import better, propose
from mmholdout.priors.ssd_family import SSDFamily
from mmholdout.priors.yolo_family import YOLOFamily

HALF = Threshold(0.5)
FAMILIES = {
    'ssd': (SSDFamily, {}),
    'yolo': (YOLOFamily, {}),
    'retina': (
        OctaveFamily,
        {'octave_base_scale': 3.1, 'scales_per_octave': 2, 'ratios': [0.5, 1.0, 2.0]},
    ),
}


@pytest.fixture
def odd_boxes(make_boxes):
    """A large class that everything fits, and a rare long one that nothing does."""
    random = np.random.default_rng(0)
    return make_boxes(
        {
            'square': random.uniform(26, 34, (200, 2)),
            'long': [(72, 16)] * 10 + [(78, 15)] * 10,
            'absent': [],
        },
        at=(44.0, 44.0),
    )


def found(kind, levels, boxes):
    family_class, words = FAMILIES[kind]
    family = family_class(levels[kind], words)
    numbers = propose(family, boxes, HALF)
    before, after = (coverage(boxes, x, HALF) for x in (family.grid, family.levels(numbers)))
    return family, numbers, before, after


@pytest.mark.parametrize('kind', FAMILIES)
def test_the_rare_class_is_fitted_and_the_other_stays(kind, levels, odd_boxes):
    family, numbers, before, after = found(kind, levels, odd_boxes)
    assert before[1].share == 0
    assert after[1].share == 1
    assert after[0].share >= min(before[0].share, 0.8)
    assert family.allowed(numbers)
    np.testing.assert_array_equal(numbers, family.rounded(numbers))
    assert better(before, after)


def test_the_same_each_time(levels, odd_boxes):
    first, second = (found('ssd', levels, odd_boxes)[1] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize('kind', FAMILIES)
@pytest.mark.parametrize('seed', range(3))
def test_never_worse_than_what_is_there(kind, seed, levels, make_boxes):
    random = np.random.default_rng(seed)
    boxes = make_boxes(
        {name: random.uniform(4, 90, 2) * random.uniform(0.6, 1.4, (30, 2)) for name in 'abc'}
    )
    _, _, before, after = found(kind, levels, boxes)
    for old, new in zip(before, after):
        assert new.share >= min(old.share, 0.8) - 0.01
    value = [sum(f.share + f.mean_iou / 2 for f in fits) for fits in (before, after)]
    assert value[1] >= value[0] - 1e-6


def fits(*shares, mean_iou=0.6):
    return [ClassFit(str(i), 10, share, mean_iou) for i, share in enumerate(shares)]


@pytest.mark.parametrize(
    ('before', 'after', 'expected'),
    [
        (fits(0.0, 1.0), fits(0.9, 1.0), True),
        (fits(0.0, 1.0), fits(0.9, 0.81), True),  # still above 80 %
        (fits(0.0, 1.0), fits(0.9, 0.75), False),
        (fits(0.5, 0.5), fits(0.9, 0.49), False),
        (fits(0.5, 0.5), fits(0.9, 0.497), True),
        (fits(0.9, 0.9), fits(0.905, 0.905), False),  # not worth it
        (fits(0.9, 0.9), fits(0.9, 0.9, mean_iou=0.66), True),
        (fits(0.9, 0.9), fits(0.9, 0.88, mean_iou=0.9), False),
        ([*fits(0.5), ClassFit('none', 0)], [*fits(0.7), ClassFit('none', 0)], True),
    ],
)
def test_what_counts_as_better(before, after, expected):
    assert better(before, after) is expected
