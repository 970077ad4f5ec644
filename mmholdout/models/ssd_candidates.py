"""Boxes and scores of all priors of all images at once, and which of them are worth suppressing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from mmdet.models.task_modules.coders import BaseBBoxCoder
from mmengine.structures import InstanceData
from torch import Tensor


def joined(maps: Sequence[Tensor], channels: int) -> Tensor:
    """Levels (B, A * channels, H, W) as one (B, P, channels), in the order of the priors."""
    return torch.cat([m.permute(0, 2, 3, 1).reshape(len(m), -1, channels) for m in maps], 1)


def decoded(
    coder: BaseBBoxCoder, priors: Tensor, deltas: Tensor, shapes: Sequence[tuple[int, ...]]
) -> Tensor:
    """Boxes (B, P, 4) xyxy, clipped to their images.

    Args:
        coder: of the head.
        priors: (P, 4).
        deltas: (B, P, 4).
        shapes: (height, width, ...) of each image.
    """
    if len(set(shapes)) == 1:
        every = priors.repeat(len(deltas), 1)
        return coder.decode(every, deltas.flatten(0, 1), max_shape=shapes[0]).view_as(deltas)
    each = [coder.decode(priors, d, max_shape=shape) for d, shape in zip(deltas, shapes)]
    return torch.stack(each)


def candidates(
    bboxes: Tensor, scores: Tensor, ends: Tensor, cfg: Mapping[str, Any]
) -> InstanceData:
    """The scores of one image above `score_thr`, of each level the best `nms_pre`.

    They are in the order of the priors, those of a level that was cut best first.

    Args:
        bboxes: (P, 4).
        scores: (P, C).
        ends: int64 (levels,), where in the flattened scores each level ends.
        cfg: mmdet's `test_cfg`.
    """
    limit = cfg.get('nms_pre', -1)
    flat = scores.flatten()
    index = (flat > cfg.get('score_thr', 0)).nonzero().squeeze(1)
    if 0 < limit < len(index):
        levels = index.tensor_split(torch.searchsorted(index, ends[:-1]).cpu())
        index = torch.cat([_best(level, flat, limit) for level in levels])
    return InstanceData(
        bboxes=bboxes[index // scores.shape[1]],
        scores=flat[index],
        labels=index % scores.shape[1],
    )


def _best(index: Tensor, flat: Tensor, limit: int) -> Tensor:
    return index[flat[index].topk(limit).indices] if limit < len(index) else index
