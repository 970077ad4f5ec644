import pytest
import torch
from torch import nn

from mmholdout.loops.precision import Precision


class Head(nn.Module):
    """A head as mmdet's are: levels in lists, lists in a tuple."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 2, 1)

    def forward(self, features):
        out = self.conv(features)
        return [out, out], [out], {'ids': torch.zeros(1, dtype=torch.int64), 'map': out}

    def loss_by_feat(self):
        """What makes it a head."""


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone, self.head = nn.Conv2d(3, 3, 1), Head()

    def forward(self, images):
        features = self.backbone(images)
        return features, self.head(features)


def run(precision):
    model = Detector()
    precision.prepare(model)
    with precision.autocast():
        return model(torch.ones(1, 3, 4, 4))


def test_features_are_mixed_and_heads_put_out_float32():
    features, (levels, boxes, more) = run(Precision('cpu', 'bfloat16'))
    assert features.dtype == torch.bfloat16
    assert {t.dtype for t in (*levels, *boxes, more['map'])} == {torch.float32}
    assert more['ids'].dtype == torch.int64


def test_float32_is_left_alone():
    model = Detector()
    Precision().prepare(model)
    assert not model.head._forward_hooks
    with Precision().autocast():
        assert not torch.is_autocast_enabled('cpu')
    features, _ = run(Precision())
    assert features.dtype == torch.float32


def test_the_context_ends_with_the_block():
    with pytest.raises(ZeroDivisionError), Precision('cpu', 'bfloat16').autocast():
        assert torch.is_autocast_enabled('cpu')
        raise ZeroDivisionError
    assert not torch.is_autocast_enabled('cpu')


def test_gradients_pass_through_the_heads_output():
    model, precision = Detector(), Precision('cpu', 'bfloat16')
    precision.prepare(model)
    with precision.autocast():
        levels = model(torch.ones(1, 3, 4, 4))[1][0]
    levels[0].sum().backward()
    assert model.backbone.weight.grad.dtype == torch.float32
    assert model.backbone.weight.grad.abs().sum() > 0
