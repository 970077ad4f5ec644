from __future__ import annotations

import pytest

from mmholdout.config.from_mmdet.rewriting import Rewriting
from mmholdout.config.from_mmdet.run_length import base_rate, run_length
from mmholdout.config.origin import Origins


@pytest.mark.parametrize(
    ('cfg', 'epochs', 'iters'),
    [
        ({'train_cfg': {'max_epochs': 12}}, 12, None),
        ({'train_cfg': {'max_iters': 400}}, None, 400),
        ({'train_cfg': {'max_epochs': 'many'}}, None, None),
        ({}, None, None),
    ],
)
def test_length(cfg, epochs, iters):
    length = run_length(Rewriting(cfg, Origins()))
    assert length == (epochs, iters)
    assert length.in_unit(by_epoch=True) == epochs and length.in_unit(by_epoch=False) == iters


def test_base_rate():
    assert base_rate(Rewriting({'optim_wrapper': {'optimizer': {'lr': 1}}}, Origins())) == 1.0
    assert base_rate(Rewriting({}, Origins())) is None
