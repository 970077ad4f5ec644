"""What the trained model has besides the sample's: something random in its forward pass."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from mmholdout.registry import MODELS


@MODELS.register_module()
class DropoutNeck(nn.Module):
    """Drops channels of each feature map.

    Args:
        p: share that is dropped in training.
    """

    def __init__(self, p: float, init_cfg: Any = None) -> None:
        super().__init__()
        self.dropout = nn.Dropout2d(p)

    def forward(self, features: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        return tuple(self.dropout(feature) for feature in features)
