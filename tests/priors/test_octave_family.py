import numpy as np
import pytest

from mmholdout.priors.octave_family import OctaveFamily

OCTAVE = {'octave_base_scale': 4, 'scales_per_octave': 3, 'ratios': [0.5, 1.0, 2.0]}
SCALES = {'scales': [2, 8], 'ratios': [1.0, 0.5]}
BASES = {'scales': [1.0], 'ratios': [1.0, 2.0], 'base_sizes': [10, 25]}


@pytest.mark.parametrize('words', [OCTAVE, SCALES, BASES], ids=['octave', 'scales', 'bases'])
def test_the_generator_makes_what_the_arguments_say(words, generators, levels):
    base = levels['retina'][:2]
    family = OctaveFamily(base, words)
    numbers = family.rounded(family.given() * 1.3)
    said = {**words, **family.arguments(numbers)}
    built = type(generators['retina'])(strides=[8, 16], **said)
    for mine, real in zip(family.sizes(numbers), built.base_anchors):
        shapes = (real[:, 2:] - real[:, :2]).numpy()
        np.testing.assert_allclose(_rows(mine), _rows(shapes), rtol=1e-4)
    assert set(family.arguments(numbers)) <= set(words)


def _rows(shapes):
    return sorted(np.round(shapes, 3).tolist())


def test_start_puts_the_smallest_prior_at_the_smallest_boxes(levels):
    family = OctaveFamily(levels['retina'], OCTAVE)
    sizes = np.array([[12.0, 12]] * 50 + [[12.0, 48]] * 50 + [[96.0, 24]] * 50)
    scale, *ratios = family.start(sizes, np.ones(150))
    assert scale * 8 == pytest.approx(12)
    np.testing.assert_allclose(ratios, [0.25, 1, 4], rtol=1e-6)


@pytest.mark.parametrize(
    'numbers', [[0.0, 0.5, 1, 2], [4, 0.5, 0.52, 2], [4, 0.5, 1, 11], [4, 0.05, 1, 2]]
)
def test_limits(levels, numbers):
    family = OctaveFamily(levels['retina'], OCTAVE)
    assert family.allowed(family.given())
    assert not family.allowed(np.array(numbers))
