from __future__ import annotations

import pytest
import torch
from mmdet.models.backbones import SSDVGG
from torch import nn

from mmholdout.models.ssd_vgg_bn import SSDVGGBN


@pytest.fixture(scope='module')
def backbone():
    torch.manual_seed(0)
    model = SSDVGGBN()
    model.init_weights()
    return model


@pytest.mark.parametrize(('size', 'sides'), [(300, (38, 19)), (64, (8, 4)), (100, (13, 7))])
def test_shapes(backbone, size, sides):
    with torch.no_grad():
        outs = backbone.eval()(torch.rand(1, 3, size, size))
    assert [tuple(o.shape) for o in outs] == [
        (1, 512, sides[0], sides[0]),
        (1, 1024, sides[1], sides[1]),
    ]
    assert all((o >= 0).all() and (o > 0).any() for o in outs)  # after ReLU


def test_each_convolution_has_its_batch_norm_and_the_rest_is_ssdvgg(backbone):
    layers = list(backbone.features)
    for i, layer in enumerate(layers):
        if isinstance(layer, nn.Conv2d):
            assert isinstance(layers[i + 1], nn.BatchNorm2d)
            assert layer.bias is None and layers[i + 1].num_features == layer.out_channels
    ours = [layer for layer in layers if not isinstance(layer, nn.BatchNorm2d)]
    theirs = list(SSDVGG(depth=16).features)
    for one, other in zip(ours, theirs, strict=True):
        assert repr(one).replace(', bias=False', '') == repr(other)
    assert sum(isinstance(layer, nn.BatchNorm2d) for layer in layers) == 15


def test_it_equals_ssdvgg_where_batch_norm_is_the_identity(backbone):
    theirs = SSDVGG(depth=16)
    ours = [m for m in backbone.features if isinstance(m, nn.Conv2d)]
    for one, other in zip(ours, (m for m in theirs.features if isinstance(m, nn.Conv2d))):
        other.weight.data.copy_(one.weight.data)
        nn.init.zeros_(other.bias)
    images = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        for one, other in zip(backbone.eval()(images), theirs(images), strict=True):
            assert torch.allclose(one, other, rtol=1e-3, atol=1e-5)  # eps of BatchNorm


def test_batch_norm_learns_in_training_and_rests_in_validation():
    model = SSDVGGBN()
    norm = next(m for m in model.modules() if isinstance(m, nn.BatchNorm2d))
    model.train()
    model(torch.rand(2, 3, 48, 48))[1].sum().backward()
    assert norm.training and norm.weight.grad.abs().sum() > 0
    learnt = norm.running_mean.clone()
    assert learnt.abs().sum() > 0
    model.eval()
    with torch.no_grad():
        model(torch.rand(2, 3, 48, 48))
    assert torch.equal(norm.running_mean, learnt)


def test_kaiming_keeps_the_scale_through_the_depth(backbone):
    """In training mode on noise, the last features are neither dead nor exploded."""
    backbone.train()
    with torch.no_grad():
        out = backbone(torch.randn(2, 3, 64, 64))[1]
    assert 0.1 < float(out.std()) < 10
