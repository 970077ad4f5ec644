"""The number format of the forward pass: the same in training, validation, test and prediction."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

FULL = 'float32'
MIXED = ('float16', 'bfloat16')
_HEAD_METHODS = ('loss_by_feat', 'loss_and_target')


@dataclass(frozen=True)
class Precision:
    """Mixed precision by torch's autocast, or plain float32.

    Attributes:
        device_type: 'cpu' or 'cuda'.
        dtype: 'float32', 'float16' or 'bfloat16': what convolutions and products compute in.
    """

    device_type: str = 'cpu'
    dtype: str = FULL

    def autocast(self) -> AbstractContextManager[Any]:
        """The context of a forward pass."""
        if self.dtype == FULL:
            return nullcontext()
        return torch.autocast(self.device_type, dtype=getattr(torch, self.dtype))

    def prepare(self, model: nn.Module) -> None:
        """Let the heads put out float32, so that losses, boxes and scores are computed in it.

        Half of the digits are enough for features, but not for a box (bfloat16 has steps of
        2 px at 320 px) nor for a sum over all priors; a CPU's autocast would leave both as
        they come, and NMS knows no bfloat16 at all.

        Args:
            model: a detector; its modules that compute a loss are the heads.
        """
        if self.dtype == FULL:
            return
        for module in model.modules():
            if any(hasattr(module, method) for method in _HEAD_METHODS):
                module.register_forward_hook(_to_float32)


def _to_float32(_module: nn.Module, _inputs: Any, outputs: Any) -> Any:
    if isinstance(outputs, Tensor):
        return outputs.float() if outputs.is_floating_point() else outputs
    if type(outputs) in (list, tuple):
        return type(outputs)(_to_float32(_module, _inputs, out) for out in outputs)
    if isinstance(outputs, dict):
        return {key: _to_float32(_module, _inputs, out) for key, out in outputs.items()}
    return outputs
