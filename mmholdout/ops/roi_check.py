"""Rois that no pooling operator can use: said, where compiled code would read foreign memory."""

from __future__ import annotations

import torch
from torch import Tensor


def check_rois(operator: str, rois: Tensor, images: int, inverted: bool) -> Tensor:
    """The rois (N, 5): image, x1, y1, x2, y2, if all can be used.

    There are `images` of them; x2 < x1 and y2 < y1 are allowed if `inverted`.

    Raises:
        ValueError: names the operator, the reason and the first such roi.
    """
    if rois.dim() != 2 or rois.shape[1] != 5:
        raise ValueError(
            f'{operator}: rois must be (N, 5): image, x1, y1, x2, y2; got {tuple(rois.shape)}'
        )
    reasons = {
        'not finite: the model or its input holds NaN or infinity': ~rois.isfinite().all(1),
        f'of an image that is not in the batch of {images}': ~(
            (rois[:, 0] >= 0) & (rois[:, 0] < images)
        ),
    }
    if not inverted:
        reasons['inverted, x2 < x1 or y2 < y1: clip or drop such boxes before'] = (
            rois[:, 3:] < rois[:, 1:3]
        ).any(1)
    # One look for all: on a GPU each costs a wait.
    if torch.stack(list(reasons.values())).any():
        for reason, bad in reasons.items():
            if bad.any():
                first = int(bad.nonzero()[0])
                raise ValueError(
                    f'{operator}: {int(bad.sum())} of {len(rois)} rois are {reason}; '
                    f'the first is rois[{first}] = {rois[first].tolist()}'
                )
    return rois
