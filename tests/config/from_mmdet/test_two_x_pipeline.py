from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.normalisation import Normalisation
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.from_mmdet.two_x_pipeline import pipeline_of
from mmholdout.config.origin import Origins

LOAD, ANN = {'type': 'LoadImageFromFile'}, {'type': 'LoadAnnotations', 'with_bbox': True}
NORM = {'type': 'Normalize', 'mean': [1], 'std': [2], 'to_rgb': True}
COLLECT = {'type': 'Collect', 'keys': ['img', 'gt_bboxes', 'gt_labels']}


def run(steps, held_out=False):
    r, found = Rewriting({}, Origins()), Normalisation()
    return pipeline_of(r, steps, ('p',), held_out, found), found, r.refused


def test_training():
    pad = {'type': 'Pad', 'size_divisor': 32}
    steps, found, refused = run([LOAD, ANN, NORM, pad, {'type': 'DefaultFormatBundle'}, COLLECT])
    assert steps == [LOAD, ANN, {'type': 'PackDetInputs'}] and not refused
    assert found.colours == [(('p', 2), {'mean': [1], 'std': [2], 'to_rgb': True})]
    assert found.divisors == [(('p', 3), 32)]


def views(**more):
    inner = [
        {'type': 'Resize', 'keep_ratio': True},
        {'type': 'RandomFlip'},
        NORM,
        {'type': 'ImageToTensor', 'keys': ['img']},
        {'type': 'Collect', 'keys': ['img']},
    ]
    return [LOAD, {'type': 'MultiScaleFlipAug', 'img_scale': (60, 40), 'transforms': inner, **more}]


def test_one_view():
    steps, found, refused = run(views(flip=False), held_out=True)
    kinds = [step['type'] for step in steps]
    assert kinds == ['LoadImageFromFile', 'LoadAnnotations', 'Resize', 'PackDetInputs']
    assert steps[2]['scale'] == (60, 40) and 'img_id' in steps[3]['meta_keys']
    assert found.colours[0][0] == ('p', 1, 'transforms', 2) and not refused


@pytest.mark.parametrize(
    ('steps', 'path', 'said'),
    [
        (views(flip=True), ('p', 1), 'no test-time augmentation'),
        (views(flip=False, img_scale=[(1, 1), (2, 2)]), ('p', 1), 'no test-time augmentation'),
        ([LOAD, {'type': 'Collect', 'keys': ['img', 'gt_masks']}], ('p', 1), "'gt_masks'"),
        ([LOAD, NORM, {'type': 'Expand', 'ratio_range': (1, 4)}], ('p', 2), 'behind Normalize'),
    ],
)
def test_refused(steps, path, said):
    _, _, ((where, text),) = run(steps, held_out=True)
    assert where == path and said in text


def test_nonsense_goes_through():
    assert run('no list')[0] == 'no list' and run([3])[0] == [3]
