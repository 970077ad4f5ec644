from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.floors import with_floors
from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.origin import Origins

WRAPPER = {'optimizer': {'lr': 0.1}}
COSINE = {
    'type': 'cosine',
    'begin': 6,
    'end': 12,
    'by_epoch': True,
    'length': 6,
    'path': ('param_scheduler', 1),
}
WARM = {
    'type': 'linear',
    'begin': 0,
    'end': 500,
    'by_epoch': False,
    'start_factor': 0.1,
    'path': ('param_scheduler', 0),
}
STEP = {
    'type': 'step',
    'begin': 0,
    'end': 4,
    'by_epoch': True,
    'milestones': [2],
    'gamma': 0.5,
    'path': ('param_scheduler', 0),
}


def floors(*parts, **wrapper):
    r = Rewriting({'optim_wrapper': {**WRAPPER, **wrapper}}, Origins())
    parts = [dict(part) for part in parts]
    with_floors(r, parts)
    return parts[-1], [text for _, text in r.refused]


@pytest.mark.parametrize(
    ('other', 'floor', 'expected'),
    [
        (WARM, (0.005, None), 0.05),  # of the base rate
        (WARM, (0, 0.2), 0.2),
        (STEP, (0.005, None), 0.1),  # of the half that the step has left
        (STEP, (0, None), 0.0),
    ],
)
def test_floors(other, floor, expected):
    part, refused = floors(other, {**COSINE, 'floor': floor})
    assert part['min_factor'] == pytest.approx(expected) and not refused


@pytest.mark.parametrize(
    ('other', 'more', 'said'),
    [
        ({**STEP, 'end': 12}, {}, 'the step factor from 0 to 12'),
        ({**STEP, 'end': None}, {}, 'the step factor from 0 to None'),
        ({**WARM, 'begin': 9000, 'end': 10000}, {}, 'linear factor from 9000'),
        ({**STEP, 'end': 6, 'type': 'cosine', 'length': 6, 'smooth': True}, {}, 'the cosine'),
        (WARM, {'paramwise_cfg': {'bias_lr_mult': 2}}, 'eta_min_ratio'),
        (WARM, {'paramwise_cfg': {'custom_keys': {'a': {'lr_mult': 0.1}}}}, 'eta_min_ratio'),
        (WARM, {'optimizer': {}}, 'optim_wrapper.optimizer.lr'),
    ],
)
def test_no_constant_part_of_the_rate(other, more, said):
    _, (text,) = floors(other, {**COSINE, 'floor': (0.005, None)}, **more)
    assert said in text


def test_multipliers_of_one_are_none():
    _, refused = floors({**COSINE, 'floor': (0.005, None)}, paramwise_cfg={'bias_lr_mult': 1})
    assert not refused
