"""RoIAlign with the mean of a bin's samples, as one weighted sum of pixels per bin."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag

from mmholdout.ops.roi_axes import Axis, chunks

# Pairs of pixel and bin that are worked on at once: by measurement, and 2 MiB of float32 weights.
BUDGET = 200_000


def average(features: Tensor, images: Tensor, y: Axis, x: Axis) -> Tensor:
    """Mean of each bin's samples, (N, C, rows, columns).

    `features` are (B, C, H, W) float32 or float64, `images` (N,) int64 the image of each roi.
    """
    channels = features.shape[1]
    table = features.permute(0, 2, 3, 1).reshape(-1, channels)
    output = features.new_empty(len(images), channels, y.bins, x.bins)
    for rois, pixels, weights in _chunks(images, y, x):
        bins = embedding_bag(pixels, table, per_sample_weights=weights, mode='sum')
        bins = bins.view(len(rois), y.bins, x.bins, channels)
        output[rois] = bins.permute(0, 3, 1, 2)
    return output


def average_gradient(gradient: Tensor, images: Tensor, y: Axis, x: Axis, count: int) -> Tensor:
    """Gradient (count, C, H, W) of `average` towards the features of `count` images.

    `gradient` towards its output is (N, C, rows, columns).
    """
    channels = gradient.shape[1]
    table = gradient.new_zeros(count * y.length * x.length, channels)
    for rois, pixels, weights in _chunks(images, y, x):
        source = gradient[rois].permute(0, 2, 3, 1).reshape(-1, channels)
        # The same sparse matrix, transposed: sorted by pixel.
        entries = weights.flatten().nonzero().squeeze(1)
        touched, order = pixels.flatten()[entries].int().sort()
        entries = entries[order]
        touched, counts = torch.unique_consecutive(touched, return_counts=True)
        offsets = counts.cumsum(0) - counts
        sums = embedding_bag(
            entries // pixels.shape[1],
            source,
            offsets,
            per_sample_weights=weights.flatten()[entries],
            mode='sum',
        )
        table.index_add_(0, touched, sums)
    return table.view(count, y.length, x.length, channels).permute(0, 3, 1, 2)


def _chunks(images: Tensor, y: Axis, x: Axis) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Some rois at a time: which, and per bin the pixels of the table and their weights."""
    costs = torch.stack([_cost(y), _cost(x)], 1)
    for rois in chunks(costs, BUDGET):
        rows, row_weights = y.of(rois).taps()
        columns, column_weights = x.of(rois).taps()
        rows = (images[rois][:, None, None] * y.length + rows) * x.length
        shape = (-1, rows.shape[2] * columns.shape[2])
        pixels = rows[:, :, None, :, None] + columns[:, None, :, None, :]
        weights = row_weights[:, :, None, :, None] * column_weights[:, None, :, None, :]
        yield rois, pixels.reshape(shape), weights.reshape(shape)


def _cost(axis: Axis) -> Tensor:
    """Pairs of pixel and bin of each roi, at most."""
    pixels = torch.minimum(2 * axis.grid, axis.step.ceil().long() + 2).clamp(1, axis.length)
    return axis.bins * pixels
