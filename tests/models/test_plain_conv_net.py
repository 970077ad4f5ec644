from __future__ import annotations

import pytest
import torch

from mmholdout.models.plain_conv_net import PlainConvNet


def test_strides_and_widths():
    net = PlainConvNet(channels=(4, 6, 8), depths=(1, 2, 1), out_indices=(0, 2))
    features = net(torch.zeros(2, 3, 32, 48))
    assert [tuple(f.shape) for f in features] == [(2, 4, 16, 24), (2, 8, 4, 6)]


def test_the_default_gives_strides_8_16_32():
    features = PlainConvNet()(torch.zeros(1, 3, 160, 160))
    assert [tuple(f.shape[1:]) for f in features] == [(64, 20, 20), (96, 10, 10), (128, 5, 5)]


def test_widths_and_depths_must_match():
    with pytest.raises(ValueError, match='2 channels, but 1 depths'):
        PlainConvNet(channels=(4, 6), depths=(1,))
