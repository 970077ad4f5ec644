"""Heads whose loss and predictions come from the same outputs."""

from __future__ import annotations

from typing import Any

from mmdet.models.dense_heads.base_dense_head import BaseDenseHead
from mmengine.model import is_model_wrapper
from torch import nn

from mmholdout.errors import ConfigError

WITHOUT_LOSS = 'Set evaluation.loss=False to validate it without a validation loss.'


def detector_of(model: nn.Module) -> nn.Module:
    """The detector itself, out of DistributedDataParallel and its like."""
    return model.module if is_model_wrapper(model) else model


def dense_head(head: Any, owner: nn.Module) -> BaseDenseHead:
    """The head, if its loss and its prediction need nothing but `head(features)`.

    Raises:
        ConfigError: it has a `loss` or a `predict` of its own, which may do anything.
    """
    plain = (
        isinstance(head, BaseDenseHead)
        and type(head).loss is BaseDenseHead.loss
        and type(head).predict is BaseDenseHead.predict
    )
    if not plain:
        raise ConfigError(
            f'{type(head).__name__} of {type(owner).__name__} has a loss or a prediction of its '
            f'own, beyond loss_by_feat and predict_by_feat, and is not supported here. '
            f'{WITHOUT_LOSS}'
        )
    return head
