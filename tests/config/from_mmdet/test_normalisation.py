from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.normalisation import Normalisation
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.origin import Origins

CAFFE = {'mean': (103.53, 116.28, 123.675), 'std': (1, 1, 1), 'to_rgb': False}


def run(colours, divisors, **model):
    found = Normalisation()
    found.colours = [(('data', i), one) for i, one in enumerate(colours)]
    found.divisors = [(('data', i), one) for i, one in enumerate(divisors)]
    r = Rewriting({'model': model}, Origins())
    found.to_model(r)
    return r.cfg['model'].get('data_preprocessor'), r.refused


def test_they_become_the_preprocessor():
    found, refused = run([CAFFE, CAFFE], [32])
    assert not refused
    assert found == {
        'type': 'DetDataPreprocessor',
        'mean': [103.53, 116.28, 123.675],
        'std': [1, 1, 1],
        'bgr_to_rgb': False,
        'pad_size_divisor': 32,
    }


def test_without_normalisation_pictures_are_taken_as_they_are():
    assert run([], []) == ({'type': 'DetDataPreprocessor'}, [])


@pytest.mark.parametrize(
    ('colours', 'divisors', 'model'),
    [
        ([CAFFE, {**CAFFE, 'to_rgb': True}], [], {}),
        ([CAFFE], [32, 16], {}),
        ([CAFFE], [], {'data_preprocessor': {'mean': [0, 0, 0]}}),
    ],
)
def test_contradictions_are_refused(colours, divisors, model):
    _, refused = run(colours, divisors, **model)
    assert len(refused) == 1
