from __future__ import annotations

import pytest
import torch
from mmdet.models.backbones import SSDVGG
from torch import nn
from torch.nn import functional

from mmholdout.errors import CheckpointError
from mmholdout.models.vgg16_layouts import (
    CONVS,
    FC6,
    FC7,
    TORCHVISION_STD,
    backbone_weights,
    check_fit,
    layout_of,
    state_dict_of,
)


def convolutions(prefix='features.'):
    """conv1_1 to conv5_3, two channels wide."""
    torch.manual_seed(0)
    saved = {}
    for place in CONVS:
        saved[f'{prefix}{place}.weight'] = torch.randn(2, 2 if place else 3, 3, 3)
        saved[f'{prefix}{place}.bias'] = torch.randn(2)
    return saved


def caffe(prefix='features.'):
    fc = {
        f'{prefix}{FC6}.weight': torch.randn(3, 2, 3, 3),
        f'{prefix}{FC6}.bias': torch.randn(3),
        f'{prefix}{FC7}.weight': torch.randn(3, 3, 1, 1),
        f'{prefix}{FC7}.bias': torch.randn(3),
    }
    return convolutions(prefix) | fc


def torchvision():
    fc = {
        'classifier.0.weight': torch.randn(12, 2 * 49),
        'classifier.0.bias': torch.randn(12),
        'classifier.3.weight': torch.randn(12, 12),
        'classifier.3.bias': torch.randn(12),
        'classifier.6.weight': torch.randn(5, 12),
        'classifier.6.bias': torch.randn(5),
    }
    return convolutions() | fc


def test_the_places_are_those_of_ssdvgg():
    features = SSDVGG(depth=16).features
    places = [i for i, layer in enumerate(features) if isinstance(layer, nn.Conv2d)]
    assert places == [*CONVS, FC6, FC7]
    assert features[FC6].dilation == (6, 6)


@pytest.mark.parametrize(
    ('saved', 'layout'),
    [
        (caffe(), 'caffe'),
        (caffe(prefix=''), 'caffe'),  # vgg16_reducedfc.pth
        (torchvision(), 'torchvision'),
        (convolutions(), None),
        (torchvision() | {'classifier.0.weight': torch.full((12, 98), torch.nan)}, None),
    ],
)
def test_the_layout_shows(saved, layout):
    assert layout_of(saved) == layout


@pytest.mark.parametrize('prefix', ['features.', ''])
def test_caffe_is_taken_as_it_is(prefix):
    saved = caffe(prefix)
    weights = backbone_weights(saved, 'caffe')
    assert weights.keys() == caffe().keys()
    for name, tensor in weights.items():
        assert torch.equal(tensor, saved[name.removeprefix('features.') if not prefix else name])


def test_torchvision_gives_the_same_features_for_centred_images():
    saved = torchvision()
    weights = backbone_weights(saved, 'torchvision')
    images = torch.rand(2, 3, 9, 9, dtype=torch.float64) * 255 - 120
    std = torch.tensor(TORCHVISION_STD, dtype=torch.float64).view(3, 1, 1)
    bias = saved['features.0.bias'].double()
    theirs = functional.conv2d(images / std, saved['features.0.weight'].double(), bias, padding=1)
    ours = functional.conv2d(images, weights['features.0.weight'].double(), bias, padding=1)
    assert torch.allclose(ours, theirs, rtol=1e-5, atol=1e-5)
    for name, tensor in convolutions().items():
        assert name == 'features.0.weight' or torch.equal(weights[name], tensor)


def test_torchvisions_classifier_is_subsampled():
    saved = torchvision()
    weights = backbone_weights(saved, 'torchvision')
    fc6, fc7 = weights[f'features.{FC6}.weight'], weights[f'features.{FC7}.weight']
    assert fc6.shape == (3, 2, 3, 3) and fc7.shape == (3, 3, 1, 1)
    for unit in range(3):
        for channel in range(2):
            for y in range(3):
                for x in range(3):
                    column = channel * 49 + 3 * y * 7 + 3 * x  # flattened (channel, 7, 7)
                    whole = saved['classifier.0.weight'][4 * unit, column]
                    assert fc6[unit, channel, y, x] == whole
    assert torch.equal(fc7[:, :, 0, 0], saved['classifier.3.weight'][::4, ::4])
    assert torch.equal(weights[f'features.{FC6}.bias'], saved['classifier.0.bias'][::4])
    assert torch.equal(weights[f'features.{FC7}.bias'], saved['classifier.3.bias'][::4])
    assert not any('classifier' in name for name in weights)


def test_convolutions_alone_have_no_fc():
    for layout in ('caffe', 'torchvision'):
        assert backbone_weights(convolutions(), layout).keys() == convolutions().keys()


@pytest.mark.parametrize('key', ['classifier.0.bias', 'classifier.3.weight', 'classifier.3.bias'])
def test_a_foreign_classifier_is_refused(key):
    saved = torchvision()
    saved[key] = saved[key][:-1]
    with pytest.raises(CheckpointError, match='classifier is not VGG16'):
        backbone_weights(saved, 'torchvision')
    del saved[key]
    with pytest.raises(CheckpointError, match='classifier is not VGG16'):
        backbone_weights(saved, 'torchvision')


def test_what_does_not_fit_is_named():
    own = caffe()
    check_fit(caffe(), own, 'x.pth')
    check_fit(convolutions(), own, 'x.pth')
    weights = caffe()
    del weights['features.10.bias']
    weights['features.5.weight'] = torch.zeros(7, 2, 3, 3)
    weights['features.40.weight'] = torch.zeros(1)
    with pytest.raises(CheckpointError) as error:
        check_fit(weights, own, 'x.pth')
    for part in (
        'x.pth',
        'features.10.bias is not in the file',
        'features.5.weight is (7, 2, 3, 3) in the file and (2, 2, 3, 3) in the backbone',
        'features.40.weight is not in the backbone',
    ):
        assert part in str(error.value)


def test_the_weights_of_a_vgg16_with_batch_norm_do_not_fit():
    saved = {f'features.{i}.weight': torch.zeros(2) for i in range(44)}
    with pytest.raises(CheckpointError, match='without BatchNorm'):
        check_fit(backbone_weights(saved, 'caffe'), caffe(), 'vgg16_bn.pth')


@pytest.mark.parametrize('content', [None, 3, {}, [], {'a': 1}, {'state_dict': {}}, {'x': {}}])
def test_a_file_without_weights(content):
    with pytest.raises(CheckpointError, match=r'x\.pth holds no model weights'):
        state_dict_of(content, 'x.pth')


def test_weights_inside_a_checkpoint():
    saved = convolutions()
    assert state_dict_of({'state_dict': saved, 'meta': {}}, 'x.pth') == saved
    assert state_dict_of(saved, 'x.pth') == saved
