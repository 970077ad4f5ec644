"""Which detectors can give loss and predictions from one forward pass in eval mode."""

from __future__ import annotations

import inspect

from mmdet.models.dense_heads.base_dense_head import BaseDenseHead
from mmdet.models.detectors import SingleStageDetector
from mmengine.model import is_model_wrapper
from torch import nn

from mmholdout.errors import ConfigError

WITHOUT_LOSS = 'Set evaluation.loss=False to validate it without a validation loss.'


def detector_of(model: nn.Module) -> nn.Module:
    """The detector itself, out of DistributedDataParallel and its like."""
    return model.module if is_model_wrapper(model) else model


def dense_head(model: nn.Module) -> BaseDenseHead:
    """The head of a single-stage detector whose loss needs nothing but `head(features)`.

    Raises:
        ConfigError: two-stage and DETR-like detectors, which would need a second pass or random
            proposals, and heads that put out something else in eval mode than in training.
    """
    detector = detector_of(model)
    name = type(detector).__name__
    cls = type(detector)
    plain = (
        isinstance(detector, SingleStageDetector)
        and cls.loss is SingleStageDetector.loss
        and cls.predict is SingleStageDetector.predict
    )
    if not plain:
        raise ConfigError(
            f'{name} is no plain single-stage detector: its validation loss and its predictions '
            f'do not come from one forward pass. {WITHOUT_LOSS}'
        )
    head = detector.bbox_head
    if not _is_plain(head):
        raise ConfigError(
            f'{type(head).__name__} of {name} has a loss or a prediction of its own, beyond '
            f'loss_by_feat and predict_by_feat, and is not supported here. {WITHOUT_LOSS}'
        )
    if _asks_for_training(head):
        raise ConfigError(
            f'{type(head).__name__} of {name} puts out something else in eval mode than in '
            f'training, so that its loss would be wrong. {WITHOUT_LOSS}'
        )
    return head


def _is_plain(head: nn.Module) -> bool:
    return (
        isinstance(head, BaseDenseHead)
        and type(head).loss is BaseDenseHead.loss
        and type(head).predict is BaseDenseHead.predict
    )


def _asks_for_training(head: nn.Module) -> bool:
    """Whether any code of the head reads its training flag, in a way that matters."""
    if getattr(head, 'norm_on_bbox', None) is False:  # FCOS reads the flag only for this option
        return False
    bases = type(head).__mro__
    own = bases[: bases.index(BaseDenseHead)]
    return any('self.training' in inspect.getsource(base) for base in own)
