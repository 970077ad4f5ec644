import numpy as np
import pytest

import mmholdout.datasets  # noqa: F401 - registers MinIoURandomCrop
from mmholdout.datasets.ssd_chain import read_chain
from mmholdout.errors import ConfigError

COLOUR = {'type': 'PhotoMetricDistortion', 'hue_delta': 9}
EXPAND = {'type': 'Expand', 'mean': [123.675, 116.28, 103.53], 'to_rgb': True}
CROP = {'type': 'MinIoURandomCrop', 'min_ious': (0.3, 0.5)}
RESIZE = {'type': 'Resize', 'scale': (32, 24), 'keep_ratio': False}
FLIP = {'type': 'RandomFlip', 'prob': 0.5}


def test_words_are_taken_from_the_transforms():
    chain = read_chain([COLOUR, EXPAND, CROP, RESIZE, FLIP])
    assert chain.order == ('colour', 'expand', 'crop', 'resize', 'flip')
    assert chain.size == (32, 24)
    assert chain.crop == ((1, 0.3, 0.5, 0), 0.3, True)
    assert chain.expand == (1, 4, 0.5)
    assert chain.colour.hue_delta == 9
    assert chain.comes_before('colour', 'resize') and not chain.comes_before('flip', 'crop')
    assert not read_chain([RESIZE]).comes_before('colour', 'resize')


@pytest.mark.parametrize(
    ('transforms', 'fill'),
    [
        ([COLOUR, EXPAND, RESIZE], [103.53, 116.28, 123.675]),
        ([EXPAND, RESIZE, COLOUR], [103, 116, 123]),  # painted into an uint8 image
        ([EXPAND, RESIZE], [103, 116, 123]),
    ],
)
def test_the_fill_has_the_type_of_mmdets_image(transforms, fill):
    np.testing.assert_array_equal(read_chain(transforms).fill, np.array(fill, np.float32))


@pytest.mark.parametrize(
    ('transforms', 'said'),
    [
        ([EXPAND, CROP], 'no Resize'),
        ([CROP, EXPAND, RESIZE], 'the order must be'),
        ([FLIP, RESIZE], 'the order must be'),
        ([RESIZE, FLIP, FLIP], 'a second RandomFlip'),
        ([{'type': 'LoadAnnotations'}, RESIZE], 'LoadAnnotations'),
        ([dict(RESIZE, keep_ratio=True)], 'keep_ratio=True'),
        ([{'type': 'Resize', 'scale_factor': 0.5}], 'scale=None'),
        ([dict(RESIZE, interpolation='area')], "interpolation='area'"),
        ([dict(RESIZE, backend='pillow')], "backend='pillow'"),
    ],
)
def test_what_cannot_be_taken_together(transforms, said):
    with pytest.raises(ConfigError, match=said):
        read_chain(transforms)


def test_all_problems_at_once():
    with pytest.raises(ConfigError) as caught:
        read_chain([FLIP, dict(RESIZE, keep_ratio=True), {'type': 'LoadAnnotations'}])
    assert len(caught.value.problems) == 3
