"""RoIPool as mmcv calls it: the largest pixel of each bin.

Girshick, Fast R-CNN, https://arxiv.org/abs/1504.08083, section 2.1; a bin's edges are mmcv's: a
roi reaches to the end of its last pixel, and only the bins are rounded, outwards. torchvision's
operator rounds the roi first, so it is not used here.
"""

from __future__ import annotations

import torch
from torch import Tensor

from mmholdout.ops.precision import at_least_single
from mmholdout.ops.roi_axes import chunks
from mmholdout.ops.roi_check import check_rois

BUDGET = 4_000_000  # gathered values at once, 16 MiB in float32


@torch.no_grad()
def roi_pool_forward(
    input: Tensor,
    rois: Tensor,
    output: Tensor,
    argmax: Tensor,
    *,
    pooled_height: int,
    pooled_width: int,
    spatial_scale: float,
) -> None:
    """Fill `output` and `argmax` (int32, y * W + x; -1 in an empty bin), (N, C, rows, columns).

    `input` is (B, C, H, W); `rois` (N, 5) are image, x1, y1, x2, y2 in pixels of the image. A bin
    with no pixel inside of the map gives 0; so does each of a roi without extent.

    Raises:
        ValueError: a roi is not finite or of no image.
    """
    channels, height, width = input.shape[1:]
    rois = check_rois('roi_pool', at_least_single(rois), len(input), inverted=True)
    low = rois[:, 1:3] * spatial_scale
    extent = (rois[:, 3:] + 1) * spatial_scale - low
    first_x, last_x = _bins(low[:, 0], extent[:, 0], pooled_width, width)
    first_y, last_y = _bins(low[:, 1], extent[:, 1], pooled_height, height)
    filled = (extent > 0).all(1)[:, None, None]
    filled = filled & (last_y > first_y)[:, :, None] & (last_x > first_x)[:, None, :]
    table = input.permute(0, 2, 3, 1).reshape(-1, channels)
    images = rois[:, 0].long() * (height * width)
    costs = torch.stack(
        [
            (last_y - first_y).clamp(min=1).amax(1) * pooled_height,
            (last_x - first_x).clamp(min=1).amax(1) * pooled_width * channels,
        ],
        1,
    )
    for some in chunks(costs, BUDGET):
        rows = _pixels(first_y[some], last_y[some], height) * width
        columns = _pixels(first_x[some], last_x[some], width)
        pixels = (rows[:, :, None, :, None] + columns[:, None, :, None, :]).flatten(3)
        best, winner = table[pixels + images[some][:, None, None, None]].max(dim=3)
        winner = pixels.gather(3, winner)
        full = filled[some][..., None]
        output[some] = torch.where(full, best, 0).permute(0, 3, 1, 2)
        argmax[some] = torch.where(full, winner, -1).permute(0, 3, 1, 2).to(argmax.dtype)


@torch.no_grad()
def roi_pool_backward(
    grad_output: Tensor,
    rois: Tensor,
    argmax: Tensor,
    grad_input: Tensor,
    *,
    pooled_height: int,  # noqa: ARG001  (mmcv's call)
    pooled_width: int,  # noqa: ARG001
    spatial_scale: float,  # noqa: ARG001
) -> None:
    """Add `grad_output` (N, C, rows, columns) to `grad_input` (B, C, H, W) at the pixels taken."""
    count, channels, height, width = grad_input.shape
    rois = check_rois('roi_pool', rois, count, inverted=True)
    planes = rois[:, 0].long()[:, None] * channels + torch.arange(channels, device=rois.device)
    index = planes[:, :, None, None] * (height * width) + argmax.clamp(min=0)
    kept = torch.where(argmax >= 0, at_least_single(grad_output), 0)
    towards = kept.new_zeros(grad_input.shape)
    towards.view(-1).scatter_add_(0, index.flatten(), kept.flatten())
    grad_input += towards


def _bins(start: Tensor, extent: Tensor, count: int, length: int) -> tuple[Tensor, Tensor]:
    """First pixel of each bin and the one after its last, (N, count), within the map."""
    step = (extent / count)[:, None]
    numbers = torch.arange(count + 1, device=start.device)
    edges = numbers * step + start[:, None]
    first = edges[:, :-1].floor().clamp(0, length).long()
    return first, edges[:, 1:].ceil().clamp(0, length).long()


def _pixels(first: Tensor, last: Tensor, length: int) -> Tensor:
    """All pixels of each bin, (N, bins, P): a smaller bin repeats its last one."""
    size = max(int((last - first).max()), 1)
    pixels = first[..., None] + torch.arange(size, device=first.device)
    return torch.minimum(pixels, (last - 1)[..., None]).clamp(0, length - 1)
