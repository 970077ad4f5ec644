"""Updates in mixed precision, on a CPU too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mmengine.optim import OptimWrapper
from torch import Tensor, nn
from torch.optim import Optimizer

from mmholdout.errors import ConfigError
from mmholdout.loops.loss_scaler import LossScaler
from mmholdout.loops.precision import MIXED, Precision
from mmholdout.registry import OPTIM_WRAPPERS


@OPTIM_WRAPPERS.register_module()
class AmpOptimWrapper(OptimWrapper):
    """mmengine's, except that it works on a CPU, where mmengine's dies of an assertion.

    Weights stay float32. The loss is checked before it is scaled. Gradients of an accumulation
    window are summed, then unscaled, then clipped, once for each update.

    Args:
        optimizer: of a model that is on its device.
        dtype: 'float16' (CUDA only, with loss scaling) or 'bfloat16'; by default float16 on
            CUDA and bfloat16 on a CPU.
        loss_scale: 'dynamic', a number for a fixed scale, or a dict of GradScaler's arguments;
            used with float16 only, for bfloat16 has the range of float32.
        accumulative_counts: batches to an update.
        clip_grad: see mmengine's OptimWrapper.

    Raises:
        ConfigError: a dtype that the device does not have.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        dtype: str | None = None,
        loss_scale: str | float | dict[str, Any] = 'dynamic',
        accumulative_counts: int = 1,
        clip_grad: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(optimizer, accumulative_counts, clip_grad)
        device_type = optimizer.param_groups[0]['params'][0].device.type
        self.precision = Precision(device_type, mixed_dtype(dtype, device_type))
        self.scaler: LossScaler | None = None
        if self.precision.dtype == 'float16':
            self.scaler = _scaler(device_type, loss_scale)

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """The forward pass in mixed precision."""
        with super().optim_context(model), self.precision.autocast():
            yield

    def backward(self, loss: Tensor, **kwargs: Any) -> None:
        """Gradients of the scaled loss, where it is scaled."""
        super().backward(loss if self.scaler is None else self.scaler.scale(loss), **kwargs)

    def step(self, **kwargs: Any) -> None:
        """One update from the accumulated gradients, or none where they are not finite."""
        if self.scaler is None:
            super().step(**kwargs)
            return
        if self.clip_grad_kwargs:
            self.scaler.unscale_(self.optimizer)
            self._clip_grad()
        self.scaler.step_or_leave_out(self.optimizer, **kwargs)


def mixed_dtype(dtype: str | None, device_type: str) -> str:
    """The dtype to use on a device, checked.

    Raises:
        ConfigError: unknown, or not to be had there.
    """
    if dtype is None:
        return 'float16' if device_type == 'cuda' else 'bfloat16'
    if dtype not in MIXED:
        raise ConfigError(
            f'optim_wrapper.dtype {dtype!r} is no dtype of mixed precision; known: '
            f"{', '.join(MIXED)}. For float32 use type='OptimWrapper'"
        )
    if dtype == 'float16' and device_type != 'cuda':
        raise ConfigError(
            "optim_wrapper.dtype='float16' needs a CUDA device; on a CPU mixed precision is "
            "bfloat16: write dtype='bfloat16', or leave dtype out"
        )
    return dtype


def _scaler(device_type: str, loss_scale: Any) -> LossScaler:
    if loss_scale == 'dynamic':
        return LossScaler(device_type)
    if isinstance(loss_scale, dict):
        return LossScaler(device_type, **loss_scale)
    return LossScaler(device_type, fixed=float(loss_scale))
