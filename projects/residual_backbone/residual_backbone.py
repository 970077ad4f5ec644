"""A backbone of your own: residual blocks at the width of the sample's detector."""

from collections.abc import Sequence

from mmcv.cnn import ConvModule
from mmengine.model import BaseModule, Sequential
from torch import Tensor, nn
from torch.nn.functional import relu

from mmholdout.registry import MODELS


class ResidualBlock(BaseModule):
    """Two 3x3 convolutions beside a shortcut (He et al., "Deep Residual Learning", CVPR 2016).

    A shortcut that changes the size averages before its 1x1 convolution (He et al., "Bag of
    Tricks", CVPR 2019): one with a stride would leave out three pixels of four.
    """

    def __init__(self, width: int, out_width: int, stride: int) -> None:
        super().__init__()
        norm = {'norm_cfg': {'type': 'BN'}}
        self.first = ConvModule(width, out_width, 3, stride=stride, padding=1, **norm)
        self.second = ConvModule(out_width, out_width, 3, padding=1, act_cfg=None, **norm)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or width != out_width:
            pool = nn.AvgPool2d(stride, stride, ceil_mode=True)
            self.shortcut = Sequential(pool, ConvModule(width, out_width, 1, act_cfg=None, **norm))

    def forward(self, features: Tensor) -> Tensor:
        """(N, width, H, W) to (N, out_width, H / stride, W / stride)."""
        return relu(self.second(self.first(features)) + self.shortcut(features))


@MODELS.register_module()
class SmallResNet(BaseModule):
    """Stages of residual blocks; the first block of each halves the image.

    Args:
        channels: width of each stage; stage i has stride 2 ** (i + 1).
        depths: blocks of each stage.
        out_indices: stages whose features (N, channels[i], H, W) are given out.
        init_cfg: of the weights; mmengine reads it.
    """

    def __init__(
        self,
        channels: Sequence[int] = (16, 32, 64, 96, 128),
        depths: Sequence[int] = (1, 1, 1, 1, 1),
        out_indices: Sequence[int] = (2, 3, 4),
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg or {'type': 'Kaiming', 'layer': 'Conv2d'})
        if len(channels) != len(depths):
            raise ValueError(f'{len(channels)} channels, but {len(depths)} depths')
        self.out_indices = tuple(out_indices)
        self.stages = nn.ModuleList()
        width = 3
        for out_width, depth in zip(channels, depths):
            blocks = [ResidualBlock(width, out_width, stride=2)]
            blocks += [ResidualBlock(out_width, out_width, stride=1) for _ in range(depth - 1)]
            self.stages.append(Sequential(*blocks))
            width = out_width

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Features of the stages `out_indices`, from images (N, 3, H, W)."""
        outs, features = [], images
        for index, stage in enumerate(self.stages):
            features = stage(features)
            if index in self.out_indices:
                outs.append(features)
        return tuple(outs)
