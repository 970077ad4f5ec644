from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.auto_scale import rewrite_auto_scale


def run(rewrite, given, **more):
    words = {
        'train_dataloader': {'batch_size': 4},
        'optim_wrapper': {'optimizer': {'lr': 0.02}},
        **more,
    }
    return rewrite(rewrite_auto_scale, auto_scale_lr=given, **words)


@pytest.mark.parametrize(
    ('given', 'rate', 'said'),
    [
        ({'enable': True, 'base_batch_size': 16}, 0.005, '0.02 x 4 / 16 images'),
        ({'enable': False, 'base_batch_size': 16}, 0.02, '0.005 would be in proportion'),
        ({'base_batch_size': 4}, 0.02, 'that many images'),
    ],
)
def test_rates(rewrite, given, rate, said):
    r = run(rewrite, given)
    assert r.cfg['optim_wrapper']['optimizer']['lr'] == pytest.approx(rate)
    assert said in r.said[-1] and 'auto_scale_lr' not in r.cfg


def test_without_a_base_it_is_refused(rewrite):
    ((path, text),) = run(rewrite, {'enable': True}).refused
    assert path == ('auto_scale_lr',) and 'base_batch_size' in text
