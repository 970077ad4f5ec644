"""SSD's VGG16 with BatchNorm, to be trained from scratch."""

from __future__ import annotations

from typing import Any

from mmdet.models.backbones import SSDVGG
from torch import Tensor, nn

from mmholdout.registry import MODELS

# In the network without BatchNorm: ReLU of conv4_3 and of fc7, see mmdet's SSDVGG.
OUT_INDICES = (22, 34)


@MODELS.register_module()
class SSDVGGBN(SSDVGG):
    """mmdet's SSDVGG (depth 16, dilated fc6, pooling rounded up), each conv followed by BatchNorm.

    Convolutions have no bias, because BatchNorm's takes its place. BatchNorm learns: mmdet's
    class inherits `bn_eval=True` from mmcv's VGG, which would freeze its statistics at 0 and 1.
    Gives conv4_3 (N, 512, H/8, W/8) and fc7 (N, 1024, H/16, W/16), both after ReLU.
    """

    def __init__(self, init_cfg: Any = None) -> None:
        kaiming = [
            {'type': 'Kaiming', 'layer': 'Conv2d'},
            {'type': 'Constant', 'val': 1, 'layer': 'BatchNorm2d'},
        ]
        super().__init__(depth=16, init_cfg=init_cfg or kaiming)
        layers: list[nn.Module] = []
        outs = []
        for index, layer in enumerate(self.features):
            layers.append(layer)
            if isinstance(layer, nn.Conv2d):
                layer.register_parameter('bias', None)
                layers.append(nn.BatchNorm2d(layer.out_channels))
            if index in OUT_INDICES:
                outs.append(len(layers) - 1)
        self.features = nn.Sequential(*layers)
        self.out_feature_indices = tuple(outs)
        self.bn_eval = False

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Features of conv4_3 and fc7, from images (N, 3, H, W)."""
        return tuple(super().forward(images))

    def train(self, mode: bool = True) -> SSDVGGBN:
        """As for every module; mmcv's VGG gives back None."""
        super().train(mode)
        return self
