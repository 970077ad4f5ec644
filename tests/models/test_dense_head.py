from __future__ import annotations

import pytest
from mmdet.models.dense_heads import SSDHead
from torch import nn

from mmholdout.errors import ConfigError
from mmholdout.models.dense_head import dense_head, detector_of


def blank(cls):
    module = cls.__new__(cls)
    nn.Module.__init__(module)
    return module


def test_a_wrapped_detector(build, model_config):
    from mmengine.model import is_model_wrapper

    model = build(model_config())
    wrapped = nn.DataParallel(model)
    assert is_model_wrapper(wrapped)
    assert detector_of(wrapped) is model
    assert detector_of(model) is model


def test_a_head_that_adds_nothing():
    head = blank(SSDHead)
    assert dense_head(head, nn.Identity()) is head


@pytest.mark.parametrize('method', ['loss', 'predict'])
def test_a_head_with_a_loss_or_a_prediction_of_its_own(method):
    own = type('OwnHead', (SSDHead,), {method: lambda self: None})
    with pytest.raises(ConfigError, match=r'OwnHead of Identity .*evaluation\.loss=False'):
        dense_head(blank(own), nn.Identity())


def test_a_head_of_another_kind():
    with pytest.raises(ConfigError, match='Linear of Identity'):
        dense_head(nn.Linear(1, 1), nn.Identity())
