"""What a dense head puts out for some images, with their targets; can be cut and joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from mmengine.structures import InstanceData
from torch import Tensor

from mmholdout.errors import ConfigError


@dataclass(frozen=True)
class RawOutputs:
    """Outputs of the head and targets, one entry per image.

    Attributes:
        outs: nested tuples and lists of tensors (N, ...), as `head(features)` returns them.
        gt_instances: boxes in the pixels of the resized image, and labels.
        ignored: the same for ignored objects, or None for an image without.
        metas: meta information of each image.
    """

    outs: Any
    gt_instances: tuple[InstanceData, ...]
    ignored: tuple[InstanceData | None, ...]
    metas: tuple[dict[str, Any], ...]

    def __len__(self) -> int:
        return len(self.metas)

    def part(self, start: int, stop: int) -> RawOutputs:
        """Images `start` to `stop`, without copying."""
        return RawOutputs(
            _each(self.outs, lambda out: out[start:stop]),
            self.gt_instances[start:stop],
            self.ignored[start:stop],
            self.metas[start:stop],
        )

    def copy(self) -> RawOutputs:
        """With tensors of its own: YOLOv3's prediction works in place on its input."""
        return replace(self, outs=_each(self.outs, torch.clone))

    @staticmethod
    def join(parts: Sequence[RawOutputs]) -> RawOutputs:
        """One after the other.

        Raises:
            ConfigError: the images of several forward batches were padded to different sizes.
        """
        if len(parts) == 1:
            return parts[0]
        shapes = {meta.get('batch_input_shape') for part in parts for meta in part.metas}
        if len(shapes) > 1:
            raise ConfigError(
                'the validation loss is computed on groups as large as a training batch, and '
                f'images of one group were padded to different sizes {sorted(shapes)} (height, '
                'width). Set val_dataloader.batch_size to the training batch size, or resize to '
                'one size: dict(type="Resize", scale=(w, h), keep_ratio=False); '
                'evaluation.loss=False switches the validation loss off.'
            )
        return RawOutputs(
            _join([part.outs for part in parts]),
            sum((part.gt_instances for part in parts), ()),
            sum((part.ignored for part in parts), ()),
            sum((part.metas for part in parts), ()),
        )


def _each(outs: Any, function: Callable[[Tensor], Tensor]) -> Any:
    if isinstance(outs, Tensor):
        return function(outs)
    if isinstance(outs, (list, tuple)):
        return type(outs)(_each(out, function) for out in outs)
    return outs


def _join(outs: list[Any]) -> Any:
    if isinstance(outs[0], Tensor):
        return torch.cat(outs)
    if isinstance(outs[0], (list, tuple)):
        return type(outs[0])(_join(list(column)) for column in zip(*outs))
    return outs[0]
