"""RoIAlign with the largest of a bin's samples, and where it was."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from mmholdout.ops.roi_axes import Axis, bilinear, chunks

BUDGET = 500_000  # sampled values at once, by measurement; 2 MiB in float32
GRADIENTS = 150_000  # likewise, bins on the way back
LEAST = -10000.0  # mmcv's: what a bin without samples gives


def maximum(features: Tensor, images: Tensor, y: Axis, x: Axis) -> tuple[Tensor, Tensor, Tensor]:
    """Largest sample of each bin and its y and x, each (N, C, rows, columns).

    A bin without samples (a roi without extent under adaptive sampling), and one with no sample
    above -10000, gives -10000 at (-1, -1), as mmcv's compiled operator for the CPU does. The first
    of equal samples counts.

    `features` are (B, C, H, W) float32 or float64, `images` (N,) int64 the image of each roi.
    """
    channels = features.shape[1]
    table = features.permute(0, 2, 3, 1).reshape(-1, channels)
    shape = (len(images), channels, y.bins, x.bins)
    output = features.new_full(shape, LEAST)
    where_y, where_x = features.new_full(shape, -1.0), features.new_full(shape, -1.0)
    costs = torch.stack([y.grid * y.bins, x.grid * x.bins * channels], 1)
    for rois in chunks(costs, BUDGET, alike=True):
        if not y.grid[rois[0]] * x.grid[rois[0]]:
            continue
        some_y, some_x = y.of(rois).positions()[0], x.of(rois).positions()[0]
        pixels, weights = _corners(bilinear(some_y, y.length), bilinear(some_x, x.length), x.length)
        pixels += (images[rois] * (y.length * x.length))[:, None, None, None, None]
        values = embedding_bag(
            pixels.view(-1, 4), table, per_sample_weights=weights.view(-1, 4), mode='sum'
        )
        best, winner = values.view(*pixels.shape[:4], channels).max(dim=3)
        lost = best <= LEAST
        output[rois] = best.masked_fill_(lost, LEAST).permute(0, 3, 1, 2)
        grid = (*pixels.shape[:3], some_y.shape[2], some_x.shape[2])
        for where, positions in (
            (where_y, some_y[:, :, None, :, None]),
            (where_x, some_x[:, None, :, None, :]),
        ):
            taken = positions.expand(grid).flatten(3).gather(3, winner)
            where[rois] = taken.masked_fill_(lost, -1).permute(0, 3, 1, 2)
    return output, where_y, where_x


def maximum_gradient(
    gradient: Tensor, images: Tensor, where_y: Tensor, where_x: Tensor, shape: tuple[int, ...]
) -> Tensor:
    """Gradient of `maximum` towards the features, of their `shape` (B, C, H, W).

    `gradient` towards its output and the positions that it gave are (N, C, rows, columns); at -1
    nothing was taken.
    """
    _, channels, height, width = shape
    towards = gradient.new_zeros(shape)
    planes = images[:, None] * channels + torch.arange(channels, device=images.device)
    planes = planes[:, :, None, None] * (height * width)
    step = max(GRADIENTS // max(gradient[:1].numel(), 1), 1)
    for start in range(0, len(images), step):
        rois = slice(start, start + step)
        bins = gradient[rois].masked_fill(where_y[rois] == -1, 0)
        low_y, high_y, *weights_y = bilinear(where_y[rois], height)
        low_x, high_x, *weights_x = bilinear(where_x[rois], width)
        for row, weight_y in zip((low_y, high_y), weights_y):
            line = planes[rois] + row * width
            part = bins * weight_y
            for column, weight_x in zip((low_x, high_x), weights_x):
                index, values = line + column, part * weight_x
                towards.view(-1).scatter_add_(0, index.reshape(-1), values.reshape(-1))
    return towards


def _corners(y: tuple[Tensor, ...], x: tuple[Tensor, ...], width: int) -> tuple[Tensor, Tensor]:
    """The four pixels of each sample and their weights: (N, rows, columns, samples, 4)."""
    pixels, weights = [], []
    for row, weight_y in zip(y[:2], y[2:]):
        for column, weight_x in zip(x[:2], x[2:]):
            pixels.append(row[:, :, None, :, None] * width + column[:, None, :, None, :])
            weights.append(weight_y[:, :, None, :, None] * weight_x[:, None, :, None, :])
    return torch.stack(pixels, -1).flatten(3, 4), torch.stack(weights, -1).flatten(3, 4)
