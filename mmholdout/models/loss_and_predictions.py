"""Validation loss and predictions of a detector from one forward pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from mmdet.models.utils import unpack_gt_instances
from torch import Tensor, nn

from mmholdout.errors import ConfigError
from mmholdout.models.dense_head import WITHOUT_LOSS, detector_of
from mmholdout.models.raw_outputs import RawOutputs
from mmholdout.models.single_stage import SingleStagePass
from mmholdout.models.two_stage import TwoStagePass
from mmholdout.models.without_trace import without_trace


def one_pass(model: nn.Module) -> SingleStagePass | TwoStagePass:
    """How this detector gives loss and predictions from one pass.

    Raises:
        ConfigError: DETR-like and other detectors with a loss or a prediction of their own, and
            heads that have one.
    """
    detector = detector_of(model)
    for kind in (SingleStagePass, TwoStagePass):
        if kind.fits(detector):
            return kind(detector)
    raise ConfigError(
        f'{type(detector).__name__} is neither a plain single-stage nor a plain two-stage '
        'detector: its validation loss and its predictions do not come from one forward pass. '
        f'{WITHOUT_LOSS}'
    )


def forward_eval(model: nn.Module, batch: Mapping[str, Any]) -> tuple[list[Any], RawOutputs]:
    """One pass in the mode the model is in (eval, no gradient: the caller's part).

    Args:
        model: a detector that `one_pass` knows.
        batch: what the data loader gives; its boxes have been resized with the image.

    Returns:
        The data samples with `pred_instances` in original pixels, equal to `model.val_step`, and
        what the loss needs, for GroupedLoss.

    Raises:
        ConfigError: a detector that cannot do it, or a pipeline without ground truth.
    """
    detector, steps = detector_of(model), one_pass(model)
    data = detector.data_preprocessor(batch, False)
    samples = data['data_samples']
    if any('gt_instances' not in sample for sample in samples):
        raise ConfigError(
            'the validation loss needs ground truth, and the val pipeline gives none: put '
            f'dict(type="LoadAnnotations", with_bbox=True) in front of Resize. {WITHOUT_LOSS}'
        )
    gt_instances, ignored, metas = unpack_gt_instances(samples)
    for_loss, for_prediction = steps.outputs(detector.extract_feat(data['inputs']))
    raw = RawOutputs(for_loss, tuple(gt_instances), tuple(ignored), tuple(metas)).copy()
    results = steps.predict(for_prediction, samples)
    return detector.add_pred_to_datasample(samples, results), raw


class GroupedLoss:
    """The loss of a set of images on fixed groups, whatever batch the forward pass uses.

    Detectors divide their loss by the positives of a batch, so the loss of a set depends on how
    it is grouped. Groups are taken in the order of arrival, `group_size` images each (the
    training batch size, so that train and val losses mean the same); the last may be smaller.
    Group losses are averaged with the number of their images as weight.

    Args:
        model: a detector that `one_pass` knows.
        group_size: images per group.

    Raises:
        ConfigError: see `one_pass`; or images of a group that were padded to different sizes.
    """

    def __init__(self, model: nn.Module, group_size: int) -> None:
        self.steps = one_pass(model)
        self.group_size = group_size
        self._pending: list[RawOutputs] = []
        self._sums: dict[str, float] = {}
        self._images = 0

    def add(self, raw: RawOutputs) -> None:
        """Take in one batch; scores every group that is full by then."""
        start = 0
        while start < len(raw):
            room = self.group_size - sum(len(part) for part in self._pending)
            part = raw.part(start, start + room)
            self._pending.append(part)
            start += len(part)
            if len(part) == room:
                self._score_group()

    def finish(self) -> dict[str, float]:
        """Mean parts and their sum 'loss' over all images; empty where there were none."""
        if self._pending:
            self._score_group()
        return {key: value / self._images for key, value in self._sums.items()}

    @torch.no_grad()
    def _score_group(self) -> None:
        group = RawOutputs.join(self._pending)
        self._pending = []
        with without_trace(*self.steps.modules):
            losses = self.steps.loss(group)
        parts = {key: _total(value) for key, value in losses.items()}
        parts['loss'] = sum(value for key, value in parts.items() if 'loss' in key)
        for key, value in parts.items():
            self._sums[key] = self._sums.get(key, 0.0) + value * len(group)
        self._images += len(group)


def _total(loss: Tensor | list[Tensor]) -> float:
    """A loss part as training counts it: lists, of levels or images, are summed."""
    if isinstance(loss, Tensor):
        return float(loss.mean())
    return float(sum(part.mean() for part in loss))
