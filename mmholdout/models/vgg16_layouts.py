"""The two layouts in which VGG16's ImageNet weights are published, brought to SSD's backbone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from mmholdout.errors import CheckpointError

LAYOUTS = ('caffe', 'torchvision')
# Places in mmdet's SSDVGG.features: conv1_1 to conv5_3, then the dilated fc6 and fc7.
CONVS = (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)
FC6, FC7 = 31, 33
# torchvision divides RGB minus the mean by this; SSD's images are only centred (std 1).
TORCHVISION_STD = (58.395, 57.12, 57.375)

_FEATURE = re.compile(r'(?:features\.)?(\d+\.(?:weight|bias))')


def layout_of(saved: Mapping[str, Tensor]) -> str | None:
    """The layout by what only it has: fc6 as a convolution, or a trained classifier.

    None where only the convolutions are there: they fit both, and what they expect of the
    input does not show. torchvision's file for its own SSD is one: its classifier is all NaN.
    """
    if any(_FEATURE.fullmatch(key) and int(key.split('.')[-2]) == FC6 for key in saved):
        return 'caffe'
    classifier = saved.get('classifier.0.weight')
    if classifier is not None and bool(torch.isfinite(classifier).all()):
        return 'torchvision'
    return None


def backbone_weights(saved: Mapping[str, Tensor], layout: str) -> dict[str, Tensor]:
    """Weights by their names in `SSDVGG`: `features.0.weight`, ...

    caffe: taken as they are. fc6 (1024, 512, 3, 3) and fc7 (1024, 1024, 1, 1) are in the file,
    subsampled already; without them they are left out of the result.

    torchvision: the first convolution is divided by torchvision's std, which gives the same
    network for images that are only centred. fc6 and fc7 are made of the classifier as in the
    paper (section 3, and DeepLab's): every fourth output, and of the 7x7 kernel the rows and
    columns 0, 3 and 6. pool5 has stride 1 instead of 2, so that these taps are 6 apart: the
    dilation of SSD's fc6.
    """
    found = {
        f'features.{match[1]}': tensor
        for key, tensor in saved.items()
        if (match := _FEATURE.fullmatch(key))
    }
    if layout == 'torchvision':
        first = found.get('features.0.weight')
        if first is not None:
            std = torch.tensor(TORCHVISION_STD, dtype=first.dtype).view(1, 3, 1, 1)
            found['features.0.weight'] = first / std
        if 'features.28.weight' in found and layout_of(saved) == 'torchvision':
            found.update(_convolved(saved, width=len(found['features.28.weight'])))
    return found


def check_fit(weights: Mapping[str, Tensor], own: Mapping[str, Tensor], source: str) -> None:
    """Every convolution up to conv5_3 is there, and all shapes are the backbone's.

    Raises:
        CheckpointError: with all that is missing or of another shape.
    """
    needed = [f'features.{place}.{part}' for place in CONVS for part in ('weight', 'bias')]
    problems = [f'{name} is not in the file' for name in needed if name not in weights]
    for name, tensor in weights.items():
        if name not in own:
            problems.append(f'{name} is not in the backbone')
        elif own[name].shape != tensor.shape:
            problems.append(
                f'{name} is {tuple(tensor.shape)} in the file and {tuple(own[name].shape)} in '
                'the backbone'
            )
    if problems:
        shown = '; '.join(problems[:4])
        more = f'; and {len(problems) - 4} more' if len(problems) > 4 else ''
        raise CheckpointError(
            f'{source} holds no weights of the VGG16 that this backbone is (SSDVGG, depth 16, '
            f'without BatchNorm): {shown}{more}'
        )


def state_dict_of(content: Any, source: str) -> dict[str, Tensor]:
    """The named tensors of a loaded file, out of `state_dict` where they are inside one.

    Raises:
        CheckpointError: the file holds something else.
    """
    inner = content.get('state_dict', content) if isinstance(content, dict) else None
    if not inner or not all(isinstance(value, Tensor) for value in inner.values()):
        raise CheckpointError(f'{source} holds no model weights')
    return dict(inner)


def _convolved(saved: Mapping[str, Tensor], width: int) -> dict[str, Tensor]:
    """fc6 and fc7 as convolutions; conv5_3, which the classifier reads, has `width` channels."""
    shapes = {
        f'classifier.{place}.{part}': tuple(saved[f'classifier.{place}.{part}'].shape)
        for place in (0, 3)
        for part in ('weight', 'bias')
        if f'classifier.{place}.{part}' in saved
    }
    units = shapes['classifier.0.weight'][0]
    if list(shapes.values()) != [(units, width * 49), (units,), (units, units), (units,)]:
        raise CheckpointError(
            f"the classifier is not VGG16's, with weights (4096, {width * 49}) and (4096, 4096) "
            f'and their biases; the file has {shapes}'
        )
    fc6, fc7 = saved['classifier.0.weight'], saved['classifier.3.weight']
    return {
        f'features.{FC6}.weight': fc6.view(-1, width, 7, 7)[::4, :, ::3, ::3].contiguous(),
        f'features.{FC6}.bias': saved['classifier.0.bias'][::4].contiguous(),
        f'features.{FC7}.weight': fc7[::4, ::4, None, None].contiguous(),
        f'features.{FC7}.bias': saved['classifier.3.bias'][::4].contiguous(),
    }
