from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.from_mmdet.two_x_transforms import transform_of
from mmholdout.config.origin import Origins


def run(step):
    r = Rewriting({}, Origins())
    return transform_of(r, step, ('p', 0)), r.refused


@pytest.mark.parametrize(
    ('given', 'ours'),
    [
        (
            {'type': 'Resize', 'img_scale': (60, 40)},
            {'type': 'Resize', 'scale': (60, 40), 'keep_ratio': True},
        ),
        (
            {'type': 'Resize', 'img_scale': [(60, 40)], 'keep_ratio': False},
            {'type': 'Resize', 'scale': (60, 40), 'keep_ratio': False},
        ),
        (
            {'type': 'Resize', 'img_scale': [(60, 40), (90, 60)]},
            {'type': 'RandomResize', 'scale': [(60, 40), (90, 60)], 'keep_ratio': True},
        ),
        (
            {'type': 'Resize', 'img_scale': [(60, 40), (9, 6), (8, 5)], 'multiscale_mode': 'value'},
            {
                'type': 'RandomChoiceResize',
                'scales': [(60, 40), (9, 6), (8, 5)],
                'keep_ratio': True,
            },
        ),
        (
            {'type': 'Resize', 'img_scale': (60, 40), 'ratio_range': (0.5, 2)},
            {
                'type': 'RandomResize',
                'scale': (60, 40),
                'ratio_range': (0.5, 2),
                'keep_ratio': True,
            },
        ),
        ({'type': 'RandomFlip', 'flip_ratio': 0.5}, {'type': 'RandomFlip', 'prob': 0.5}),
        (
            {'type': 'Mosaic', 'img_scale': (96, 128)},
            {'type': 'Mosaic', 'img_scale': (128, 96)},
        ),
        ({'type': 'Pad', 'size': (96, 128)}, {'type': 'Pad', 'size': (128, 96)}),
        ({'type': 'Pad', 'size': (96, 96)}, {'type': 'Pad', 'size': (96, 96)}),
        (
            {'type': 'LoadAnnotations', 'with_bbox': True, 'file_client_args': {}},
            {'type': 'LoadAnnotations', 'with_bbox': True},
        ),
        (
            {'type': 'LoadImageFromFile', 'to_float32': True, 'file_client_args': {}},
            {'type': 'LoadImageFromFile', 'to_float32': True},
        ),
        ({'type': 'Mine', 'a': 1}, {'type': 'Mine', 'a': 1}),
    ],
)
def test_words(given, ours):
    before = dict(given)
    assert run(given) == ([ours], [])
    assert given == before


def test_no_flip_is_no_step():
    assert run({'type': 'RandomFlip', 'flip_ratio': None}) == ([], [])


@pytest.mark.parametrize(
    ('given', 'said'),
    [
        ({'type': 'Resize'}, 'no img_scale'),
        ({'type': 'Resize', 'img_scale': [(1, 1), (2, 2), (3, 3)]}, 'a range has two ends'),
        (
            {'type': 'RandomCrop', 'crop_size': (0.3, 0.7), 'crop_type': 'relative_range'},
            'two equal numbers',
        ),
        ({'type': 'LoadAnnotations', 'with_mask': True}, 'must be False'),
    ],
)
def test_refused(given, said):
    _, ((_, text),) = run(given)
    assert said in text
