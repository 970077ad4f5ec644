"""One training step, guarded: a loss that is not finite changes nothing."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.optim import OptimWrapper
from torch import Tensor, nn

from mmholdout.errors import NonFiniteLossError


def train_step(
    model: nn.Module, batch: Any, optim_wrapper: OptimWrapper, *, where: str
) -> dict[str, Tensor]:
    """Forward the losses of one training batch, check them, update the parameters.

    Args:
        model: a detector of mmengine's BaseModel kind.
        batch: what the training loader gave.
        optim_wrapper: decides on accumulation, clipping and the update itself.
        where: 'epoch 3, iteration 120', for the error.

    Returns:
        Scalar tensors: 'loss' and each term, detached.

    Raises:
        NonFiniteLossError: before the update, so that the parameters stay as they were: for the
            loss, and with `clip_grad=dict(error_if_nonfinite=True)` for the gradient.
    """
    with optim_wrapper.optim_context(model):
        data = model.data_preprocessor(batch, True)
        losses = model(**data, mode='loss')
    total, terms = model.parse_losses(losses)
    if not torch.isfinite(total):
        raise NonFiniteLossError(_describe('training loss', terms, data, where))
    try:
        optim_wrapper.update_params(total)
    except RuntimeError as error:
        if 'error_if_nonfinite' not in str(error):  # torch names the option that raised it
            raise
        raise NonFiniteLossError(_describe('gradient', terms, data, where)) from error
    return {name: value.detach() for name, value in terms.items()}


def _describe(what: str, terms: dict[str, Tensor], data: dict[str, Any], where: str) -> str:
    values = ', '.join(f'{name} = {value.item():.4g}' for name, value in terms.items())
    samples = data.get('data_samples') or []
    images = ', '.join(str(sample.metainfo.get('img_path', '?')) for sample in samples)
    return (
        f'the {what} is not finite at {where}: {values}. No parameter was changed by it; '
        f'the last checkpoint is intact. Try a lower learning rate, a longer warm-up, or '
        f'optim_wrapper.clip_grad. Images of the batch: {images}'
    )
