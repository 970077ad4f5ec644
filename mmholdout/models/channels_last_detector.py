"""A single-stage detector in the memory format that convolutions on a CPU like."""

from __future__ import annotations

from typing import Any

import torch
from mmdet.models.detectors import SingleStageDetector
from torch import Tensor

from mmholdout.registry import MODELS


@MODELS.register_module()
class ChannelsLastDetector(SingleStageDetector):
    """mmdet's SingleStageDetector, weights and options alike, with images and weights NHWC.

    A training step of SSDLite-MobileNetV2 on a CPU takes about a sixth less time. The
    weights load into a SingleStageDetector and the other way round. SSD300 is slower with it.

    torch 2.13 crashes on a CPU in the backward pass of a 1x1 convolution with stride 2 that reads
    the image itself in this format, which no config here has.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.to(memory_format=torch.channels_last)

    def extract_feat(self, batch_inputs: Tensor) -> tuple[Tensor, ...]:
        """Features of the neck, from images (N, 3, H, W)."""
        return super().extract_feat(batch_inputs.contiguous(memory_format=torch.channels_last))
