"""A small backbone for small images on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmcv.cnn import ConvModule
from mmengine.model import BaseModule, Sequential
from torch import Tensor

from mmholdout.registry import MODELS


@MODELS.register_module()
class PlainConvNet(BaseModule):
    """Stages of plain 3x3 convolutions, each with norm and ReLU; the first of a stage halves.

    Plain ones, because at these widths depthwise ones save arithmetic, but not time: on a CPU
    theirs goes to memory.

    Args:
        channels: width of each stage; stage i has stride 2 ** (i + 1).
        depths: convolutions of each stage.
        out_indices: stages whose features (N, channels[i], H, W) are given out.
    """

    def __init__(
        self,
        channels: Sequence[int] = (16, 32, 64, 96, 128),
        depths: Sequence[int] = (1, 2, 2, 2, 2),
        out_indices: Sequence[int] = (2, 3, 4),
        norm_cfg: dict[str, Any] | None = None,
        init_cfg: Any = None,
    ) -> None:
        super().__init__(init_cfg or {'type': 'Kaiming', 'layer': 'Conv2d'})
        if len(channels) != len(depths):
            raise ValueError(f'{len(channels)} channels, but {len(depths)} depths')
        self.out_indices = tuple(out_indices)
        self.stages: list[str] = []
        width = 3
        for index, (stage_width, depth) in enumerate(zip(channels, depths), 1):
            convs = []
            for i in range(depth):
                convs.append(
                    ConvModule(
                        width,
                        stage_width,
                        3,
                        stride=1 if i else 2,
                        padding=1,
                        norm_cfg=norm_cfg or {'type': 'BN'},
                    )
                )
                width = stage_width
            self.add_module(f'stage{index}', Sequential(*convs))
            self.stages.append(f'stage{index}')

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Features of the stages `out_indices`, from images (N, 3, H, W)."""
        features = images
        outs = []
        for index, name in enumerate(self.stages):
            features = getattr(self, name)(features)
            if index in self.out_indices:
                outs.append(features)
        return tuple(outs)
